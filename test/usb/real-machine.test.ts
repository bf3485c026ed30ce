import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import type { Probe, StepContext } from '../../electron/core/ports.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { hasSshBanner } from '../../electron/targets/ssh/read-banner.ts';
import { bench, byKey, clientKey, faultOf, inventoryHost, keeping } from '../contract/targets-kit.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { Machine } from '../fakes/usb/machine.ts';
import { machineImage } from './support/image.ts';

// The whole way for once without a fake: Debian's kernel, systemd, OpenSSH and sudo in a virtual machine, powered off
// over SSH by the app's own step. That QEMU ends by itself is the proof; what the app concludes is held against it.

/** Milliseconds for the machine to boot, and to go down. */
const bootMs = 90_000;
const downMs = 60_000;

const hostKey = newSshKey('real');
const machine = new Machine();
const pool = new SshPool(keeping(byKey), systemClock);
const { step: stepFor, table, told } = bench(byKey, { clock: systemClock, shell: pool });
const powerOff = table['power-off'];
const figures: string[] = [];

const host = (user: string) =>
  inventoryHost(
    { address: machine.address, port: machine.port, fingerprint: hostKey.fingerprint },
    { id: 'real', name: 'real', kind: 'linux', user, sudo: user !== 'root' },
  );

const stepAs = (user: string) => stepFor({ kind: 'power-off', target: 'real', until: 'port-closed' }, host(user));

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  const began = performance.now();
  await machine.powerOn(machineImage(), { hostKey, publicKey: clientKey.publicKey });
  while (!(await hasSshBanner(host('root')))) {
    if (!machine.isOn || performance.now() - began > bootMs) throw new Error(`it does not boot:\n${machine.console()}`);
    await wait(200);
  }
  figures.push(`SSH answered ${Math.round(performance.now() - began)} ms after its start`);
});

afterAll(async () => {
  pool.close();
  await machine.close();
  console.log(['a real machine:', ...figures].join('\n  '));
});

/** As the runner does: looks every second, and at once on a hint. Resolves with the first proof and its moment. */
async function proven(context: StepContext): Promise<{ probe: Probe; at: number }> {
  const end = performance.now() + downMs;
  for (;;) {
    const probe = await powerOff.probe(context);
    if (probe.state === 'done' || performance.now() > end) return { probe, at: performance.now() };
    let off = () => {};
    const hint = new Promise<void>((resolve) => {
      off = powerOff.onHint?.(context, resolve) ?? off;
    });
    await Promise.race([hint, wait(powerOff.proveEvery)]);
    off();
  }
}

describe('a real machine', () => {
  test('a rehearsal finds it ready, and leaves it on', async () => {
    const checks = await powerOff.check(stepAs('ups'));
    expect(checks.map(({ what, verdict }) => `${what}: ${verdict}`)).toEqual([
      'reach: ready',
      'host-key: ready',
      'login: ready',
      'privilege: ready',
    ]);
    expect(machine.isOn).toBe(true);
  });

  test('it stays on when sudo does not let the user', async () => {
    const fault = await faultOf(powerOff.act(stepAs('guest')));
    expect(fault).toMatchObject({ code: 'not-allowed', remedy: expect.stringContaining('guest ALL=(root) NOPASSWD') });
    expect((await powerOff.probe(stepAs('guest'))).state).toBe('not-done');
    expect(machine.isOn).toBe(true);
  });

  test('it is powered off, and not taken for off before', { timeout: downMs + 10_000 }, async () => {
    const context = stepAs('ups');
    expect((await powerOff.probe(context)).state).toBe('not-done');
    const sent = performance.now();
    await powerOff.act(context);
    figures.push(`it took the command within ${Math.round(performance.now() - sent)} ms`);
    const [verdict, offAt] = await Promise.all([proven(context), machine.off()]);
    figures.push(
      `it was off ${Math.round(offAt - sent)} ms after the command was sent`,
      `proven off ${Math.round(verdict.at - offAt)} ms later: ${JSON.stringify(verdict.probe)}`,
    );
    expect(machine.exitCode).toBe(0);
    expect(verdict.probe).toMatchObject({ state: 'done' });
    // QEMU forwards the port, so it closes with the machine's power: a verdict before that would be a guess.
    expect(verdict.at).toBeGreaterThanOrEqual(offAt);
    expect(verdict.at - offAt).toBeLessThan(10_000);
  });

  test('the next step finds it off already', async () => {
    const context = stepAs('root');
    await powerOff.probe(context);
    expect((await faultOf(powerOff.act(context))).code).toBe('unreachable');
    expect((await proven(context)).probe).toMatchObject({ state: 'done' });
    expect(told).toEqual([]);
  });
});
