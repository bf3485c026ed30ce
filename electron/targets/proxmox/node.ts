import { z } from 'zod';
import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { isRoot, mayRun } from '../checks/privilege.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { sudoRemedy } from '../sudo-remedy.ts';

/** Where its programs are: PATH is short for commands sent over SSH, and rules of sudo name them in full. */
export const at = {
  pvesh: '/usr/bin/pvesh',
  qm: '/usr/sbin/qm',
  pct: '/usr/sbin/pct',
  haManager: '/usr/sbin/ha-manager',
  lxcStop: '/usr/bin/lxc-stop',
  pkill: '/usr/bin/pkill',
  ceph: '/usr/bin/ceph',
} as const;

/** What sudo is asked for: these for guests and HA, and what a step needs besides. */
const usual = [at.pvesh, at.qm, at.pct, at.haManager, at.lxcStop, at.pkill];

/** sudo's own exit code when it does not let a user; whether it was sudo is then asked. */
const sudoSaidNo = 1;

export interface Ran {
  isDone: boolean;
  stdout: string;
  /** What it printed, for people. */
  said: string;
}

/**
 * Runs one command as root.
 * @throws FaultError `not-allowed` when sudo does not let the user, `dead-peer` when the connection was lost meanwhile,
 * and those of `Session.run`
 */
export async function asRoot(session: Session, command: string, limitMs?: number): Promise<Ran> {
  const { host } = session;
  const sent = host.sudo ? `sudo -n ${command}` : command;
  const { code, stdout, stderr, dropped } = await session.run(sent, limitMs);
  if (dropped) throw lost(host, command);
  if (host.sudo && code === sudoSaidNo) {
    const rule = await session.run(`sudo -n -l -- ${command}`);
    if (rule.dropped) throw lost(host, command);
    if (rule.code !== 0) throw notAllowed(host, command, [...new Set([...usual, command.split(' ')[0] ?? ''])]);
  }
  const said = `exit code ${code ?? 'none'}: ${(stderr.trim() || stdout.trim()).slice(0, 300)}`;
  return { isDone: code === 0, stdout, said };
}

/** Runs what does not wait for anything. @throws FaultError `command-failed`, those of `asRoot` */
export async function order(session: Session, command: string): Promise<void> {
  const ran = await asRoot(session, command);
  if (!ran.isDone) throw failed(session.host, command, ran);
}

/**
 * Asks for JSON.
 * @throws FaultError `command-failed`, `unexpected-answer`, those of `asRoot`
 */
export async function told<T>(session: Session, command: string, schema: z.ZodType<T>): Promise<T> {
  const ran = await asRoot(session, command);
  if (!ran.isDone) throw failed(session.host, command, ran);
  const parsed = schema.safeParse(parsedJson(ran.stdout));
  if (parsed.success) return parsed.data;
  throw unexpected(session.host, command, ran.stdout.trim().slice(0, 200) || 'nothing');
}

/** Its API on the node itself: never asked of another one, so that a node that is gone does not hang it. */
export const api = (path: string): string => `${at.pvesh} get ${path} --output-format json`;

/** Perl writes numbers as texts now and then. */
export const flag = z.union([z.number(), z.string(), z.boolean()]).transform((value) => Number(value) === 1);

/** Asked once in an act, however many guests that is for. */
export function once<T>(ask: (session: Session) => Promise<T>): (session: Session) => Promise<T> {
  const known = new WeakMap<Session, Promise<T>>();
  return (session) => {
    const asked = known.get(session) ?? ask(session);
    known.set(session, asked);
    return asked;
  };
}

/**
 * Whether the user may run these commands, none of which is run: root may, and others need sudo.
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayUse(session: Session, commands: readonly string[]): Promise<string> {
  const { host } = session;
  if (!host.sudo) {
    if (await isRoot(session)) return 'signed in as root';
    const remedy = `Let root sign in, or switch sudo on for ${host.user}.`;
    throw hostFault(host, 'not-allowed', `${host.user} is not root, as Proxmox VE's programs want it`, remedy);
  }
  for (const command of commands) {
    try {
      await mayRun(session, `sudo -n ${command}`);
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== 'not-allowed') throw error;
      const programs = commands.map((each) => each.split(' ')[0] ?? '');
      throw notAllowed(host, command, [...new Set([...usual, ...programs])]);
    }
  }
  return `sudo lets ${host.user} do it`;
}

const notAllowed = (host: Host, command: string, programs: readonly string[]) =>
  hostFault(
    host,
    'not-allowed',
    `sudo does not let ${host.user} run ${command} without a password`,
    sudoRemedy(host, 'root', programs.join(', ')),
  );

const lost = (host: Host, command: string) =>
  hostFault(host, 'dead-peer', `the connection was lost during "${command}"`, 'Look whether it is up.');

const failed = (host: Host, command: string, { said }: Ran) =>
  hostFault(host, 'command-failed', `"${command}" failed with ${said}`, 'Run it there by hand and look.');

const unexpected = (host: Host, command: string, what: string) =>
  hostFault(host, 'unexpected-answer', `"${command}" printed ${what}`, 'Run it there by hand and look.');

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
