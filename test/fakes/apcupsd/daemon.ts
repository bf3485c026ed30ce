import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, freePort } from '../server-process.ts';
import { openSerialUps } from './serial-ups.ts';
import { SmartUps } from './smart-ups.ts';

/** `npm test` fetches it and names it so. */
const program = process.env.GLIDEPATH_APCUPSD;
export const hasApcupsd = program !== undefined;

/** A real apcupsd with its driver for serial cables, and at the end of the cable a Smart-UPS of ours. */
export interface ApcupsdDaemon {
  readonly port: number;
  /** Cuts the mains or brings them back, with so many minutes of runtime; apcupsd is told at once. */
  mains(on: boolean, runtimeMinutes?: number): void;
  /** The UPS's own warning of a low battery, told at once; some seconds later apcupsd orders the shutdown of its computer. */
  low(low: boolean): void;
  /** Percent; apcupsd asks for it every second. */
  charge(percent: number): void;
  /** Ends apcupsd and starts it again on the same port; what `between` does happens while it is down. */
  restart(between?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startApcupsd(): Promise<ApcupsdDaemon> {
  if (!program) throw new Error('there is no apcupsd: `npm test` fetches it, and names it in GLIDEPATH_APCUPSD');
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-apcupsd-'));
  const cable = await openSerialUps();
  const ups = new SmartUps(cable);
  const port = await freePort();
  const config = writeFolder(folder, cable.path, port);
  let daemon: ChildProcess;
  const start = async (): Promise<void> => {
    daemon = spawn(program, ['-b', '-f', config, '-P', join(folder, 'pid')], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await answers(port, daemon);
  };
  const stop = async (): Promise<void> => {
    await ended(daemon, 'SIGTERM');
    await cable.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await start().catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    port,
    mains: (on, runtimeMinutes = 45) => ups.mains(on, runtimeMinutes),
    low: (low) => ups.low(low),
    charge: (percent) => ups.charge(percent),
    restart: async (between) => {
      await ended(daemon, 'SIGTERM');
      await between?.();
      await start();
    },
    stop,
  };
}

/**
 * All that it writes lies in its folder, and what it runs at an event, a shutdown among them, does nothing. Its own limits
 * of charge and runtime are off, as when it only watches for others; a battery that is low ends them all the same.
 * @see http://www.apcupsd.org/manual/manual.html#configuration-directive-reference
 */
function writeFolder(folder: string, device: string, port: number): string {
  const scripts = join(folder, 'scripts');
  mkdirSync(scripts);
  writeFileSync(join(scripts, 'apccontrol'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const config = join(folder, 'apcupsd.conf');
  const directives = [
    '## apcupsd.conf v1.1 ##',
    'UPSNAME rack',
    'UPSCABLE smart',
    'UPSTYPE apcsmart',
    `DEVICE ${device}`,
    'POLLTIME 1',
    `LOCKFILE ${folder}`,
    `SCRIPTDIR ${scripts}`,
    `PWRFAILDIR ${folder}`,
    `NOLOGINDIR ${folder}`,
    'ONBATTERYDELAY 6',
    'BATTERYLEVEL 0',
    'MINUTES 0',
    'TIMEOUT 0',
    'ANNOY 0',
    'NOLOGON disable',
    'KILLDELAY 0',
    'NETSERVER on',
    'NISIP 127.0.0.1',
    `NISPORT ${port}`,
    `EVENTSFILE ${join(folder, 'events')}`,
    `STATFILE ${join(folder, 'status')}`,
    'STATTIME 0',
    'LOGSTATS off',
    'UPSCLASS standalone',
    'UPSMODE disable',
  ];
  writeFileSync(config, `${directives.join('\n')}\n`);
  return config;
}

/** Waits until it has read the UPS: its server answers before. */
async function answers(port: number, daemon: ChildProcess): Promise<void> {
  const limit = performance.now() + 30_000;
  while (!(await status(port)).includes(': ONLINE')) {
    if (daemon.exitCode !== null) throw new Error(`apcupsd has ended with ${daemon.exitCode}`);
    if (performance.now() > limit) throw new Error('apcupsd has not read its UPS within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What it tells on its port; empty when nobody listens. */
async function status(port: number): Promise<string> {
  const socket = net.connect({ host: '127.0.0.1', port });
  let told = '';
  try {
    await once(socket, 'connect');
    // Each record comes behind its length in two bytes; the last one is empty.
    socket.write('\0\u0006status');
    for await (const chunk of socket.setEncoding('latin1')) {
      told += chunk;
      if (told.endsWith('\0\0')) break;
    }
  } catch {
    // Not listening yet.
  }
  socket.destroy();
  return told;
}
