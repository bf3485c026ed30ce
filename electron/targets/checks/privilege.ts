import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { esxiFault, esxiShell } from '../esxi/shell.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { sudoRemedy } from '../sudo-remedy.ts';
import { CannotTell } from './check.ts';
import { asking, type Wanted, wantedOf } from './commands.ts';
import { asksForPassword } from './sudo-rules.ts';

/**
 * Whether the user may run this very command, which is not run.
 * @returns what was seen
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayRun(session: Session, command: string): Promise<string> {
  const wanted = wantedOf(command);
  if (wanted === null) throw new CannotTell(`“${command}” is more than one plain command: only running it would tell`);
  if (wanted.as !== null) return bySudo(session, { ...wanted, as: wanted.as });
  return `${await whereIs(session, wanted.command)} is there`;
}

/**
 * Whether the user may run the command that is to prove another. It is not run either: what it does is not known.
 * @returns what was seen
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayProve(session: Session, proof: string): Promise<string> {
  const said = (what: string): string => `its proof: ${what}`.slice(0, 2000);
  try {
    return said(await mayRun(session, proof));
  } catch (error) {
    if (error instanceof CannotTell) throw new CannotTell(said(error.message));
    if (error instanceof FaultError) throw new FaultError({ ...error.fault, what: said(error.fault.what) });
    throw error;
  }
}

/**
 * Whether a Linux host's user may power it off.
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayPowerOff(session: Session, command: string): Promise<string> {
  const { host } = session;
  const seen = await mayRun(session, command);
  if (wantedOf(command)?.as !== null || (await isRoot(session))) return seen;
  throw new CannotTell(`${seen}, but ${host.user} is not root and sudo is not used: only running it would tell`);
}

/**
 * Whether an ESXi host's user may do anything there: it is root, or has the role Admin.
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 * @see https://developer.broadcom.com/xapis/esxcli-command-reference/latest/ (system permission list)
 */
export async function mayManage(session: Session): Promise<string> {
  const { host } = session;
  if (await isRoot(session)) return 'signed in as root';
  const answer = await esxiShell(session)(asking.esxiPermissions);
  if (answer.failed) {
    const { what } = esxiFault(host, 'listing the permissions', answer, '').fault;
    throw new CannotTell(`whether ${host.user} has the role Admin is not told: ${what}`);
  }
  const roles = [...answer.text.matchAll(/^(\S+) +false +(\S+)/gm)];
  const role = roles.find(([, name]) => name === host.user)?.[2];
  if (role === 'Admin') return `${host.user} has the role Admin`;
  if (role === undefined) throw new CannotTell(`${host.user} has no role of its own; a group may give it one`);
  throw hostFault(
    host,
    'not-allowed',
    `${host.user} has the role ${role}`,
    `On the host, run: esxcli system permission set --id ${host.user} -r Admin`,
  );
}

export async function isRoot(session: Session): Promise<boolean> {
  return lastLine(await session.run(asking.userId)) === '0';
}

/** What stands before may come from the user's own start-up files. */
const lastLine = ({ stdout }: CommandResult): string => stdout.trim().split('\n').at(-1)?.trim() ?? '';

/** The path of a command's first word. @throws FaultError `command-failed` when there is no such command */
async function whereIs(session: Session, command: string): Promise<string> {
  const { host } = session;
  const [name = ''] = command.split(' ');
  if (name.includes('=')) throw new CannotTell(`“${command}” sets a variable first: only running it would tell`);
  const answer = await session.run(asking.whereIs(name));
  if (answer.code === 0) return lastLine(answer) || name;
  // The POSIX shells say nothing when there is no such command; another shell may not know the question.
  const said = answer.stderr.trim();
  if (said !== '') throw new CannotTell(`whether ${name} is there was not told: ${said.slice(0, 300)}`);
  throw hostFault(
    host,
    'command-failed',
    `the command ${name} is not there`,
    'Write its absolute path, as PATH is short for commands sent over SSH, or install it.',
  );
}

async function bySudo(session: Session, wanted: Wanted & { as: string }): Promise<string> {
  const { host } = session;
  const allowed = await session.run(asking.sudoAllows(wanted));
  if (allowed.code === 127) {
    const remedy = 'Install sudo there, or let a user sign in who may do it without.';
    throw hostFault(host, 'command-failed', 'sudo is not there', remedy);
  }
  if (allowed.code !== 0)
    throw notAllowed(host, wanted, `does not let ${host.user} run ${wanted.command} without a password`);
  const path = lastLine(allowed);
  if (await isRoot(session)) return `root may run ${path}`;
  const { stdout } = await session.run(asking.sudoRules);
  switch (asksForPassword(stdout, path, wanted.as)) {
    case 'no-password':
      return `sudo lets ${host.user} run ${path}`;
    case 'password':
      throw notAllowed(host, wanted, `asks ${host.user} for a password before it runs ${wanted.command}`);
    case 'unknown':
      throw new CannotTell(
        `sudo lets ${host.user} run ${path}; whether it asks for a password is not clear from its rules`,
      );
  }
}

function notAllowed(host: Host, { command, as }: Wanted & { as: string }, how: string) {
  return hostFault(host, 'not-allowed', `sudo ${how}`, sudoRemedy(host, as, command));
}
