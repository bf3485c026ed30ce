import type { Host, LinuxHost } from '../../../shared/inventory.ts';
import type { CheckContext } from '../../core/ports.ts';
import { esxiFault } from '../esxi/shell.ts';
import { hostFault } from '../host-fault.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { CannotTell } from './check.ts';
import { asking, type Wanted, wantedOf } from './commands.ts';
import type { HostLooks } from './host-looks.ts';
import { asksForPassword } from './sudo-rules.ts';

/**
 * Whether the user may run this very command, which is not run.
 * @returns what was seen
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayRun(looks: HostLooks, context: CheckContext, host: Host, command: string): Promise<string> {
  const wanted = wantedOf(command);
  if (wanted === null) throw new CannotTell(`“${command}” is more than one plain command: only running it would tell`);
  if (wanted.as !== null) return bySudo(looks, context, host, { ...wanted, as: wanted.as });
  return `${await whereIs(looks, context, host, wanted.command)} is there`;
}

/**
 * Whether a Linux host's user may power it off.
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayPowerOff(
  looks: HostLooks,
  context: CheckContext,
  host: LinuxHost,
  command: string,
): Promise<string> {
  const seen = await mayRun(looks, context, host, command);
  if (wantedOf(command)?.as !== null || (await isRoot(looks, context, host))) return seen;
  throw new CannotTell(`${seen}, but ${host.user} is not root and sudo is not used: only running it would tell`);
}

/**
 * Whether an ESXi host's user may do anything there: it is root, or has the role Admin.
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 * @see https://developer.broadcom.com/xapis/esxcli-command-reference/latest/ (system permission list)
 */
export async function mayManage(looks: HostLooks, context: CheckContext, host: Host): Promise<string> {
  if (await isRoot(looks, context, host)) return 'signed in as root';
  const answer = await looks.esxi(context, host)(asking.esxiPermissions);
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

async function isRoot(looks: HostLooks, context: CheckContext, host: Host): Promise<boolean> {
  return lastLine(await looks.ask(context, host, asking.userId)) === '0';
}

/** What stands before may come from the user's own start-up files. */
const lastLine = ({ stdout }: CommandResult): string => stdout.trim().split('\n').at(-1)?.trim() ?? '';

/** The path of a command's first word. @throws FaultError `command-failed` when there is no such command */
async function whereIs(looks: HostLooks, context: CheckContext, host: Host, command: string): Promise<string> {
  const [name = ''] = command.split(' ');
  if (name.includes('=')) throw new CannotTell(`“${command}” sets a variable first: only running it would tell`);
  const answer = await looks.ask(context, host, asking.whereIs(name));
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

async function bySudo(
  looks: HostLooks,
  context: CheckContext,
  host: Host,
  wanted: Wanted & { as: string },
): Promise<string> {
  const allowed = await looks.ask(context, host, asking.sudoAllows(wanted));
  if (allowed.code === 127) {
    const remedy = 'Install sudo there, or let a user sign in who may do it without.';
    throw hostFault(host, 'command-failed', 'sudo is not there', remedy);
  }
  if (allowed.code !== 0)
    throw notAllowed(host, wanted, `does not let ${host.user} run ${wanted.command} without a password`);
  const path = lastLine(allowed);
  if (await isRoot(looks, context, host)) return `root may run ${path}`;
  const { stdout } = await looks.ask(context, host, asking.sudoRules);
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
  return hostFault(
    host,
    'not-allowed',
    `sudo ${how}`,
    `On the host, run visudo and add: ${host.user} ALL=(${as}) NOPASSWD: ${command} (with its absolute path)`,
  );
}
