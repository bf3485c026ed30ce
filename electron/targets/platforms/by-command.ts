import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import { plain } from '../checks/commands.ts';
import { mayPowerOff } from '../checks/privilege.ts';
import { hostFault } from '../host-fault.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { sudoRemedy } from '../sudo-remedy.ts';
import type { PowerOffActs } from './platform.ts';

/** The shell's own exit code. */
const noSuchCommand = 127;

/** What is sent. `sudo -n` never waits for a password that nobody types. */
export function powerOffCommandOf(host: Host): string {
  const command = host.powerOffCommand ?? platforms[host.kind].powerOff;
  // The inventory's schema asks for one where the platform has none of its own.
  if (command === null) throw new Error(`nothing powers off a host of the kind ${host.kind}`);
  return host.sudo && !/^sudo\s/.test(command) ? `sudo -n ${command}` : command;
}

/**
 * Powered off by one command. Its success is exit code 0, or no exit code at all: then the host went down with the
 * answer.
 */
export const powerOffByCommand: PowerOffActs = {
  would: powerOffCommandOf,
  async act({ host, run }) {
    const command = powerOffCommandOf(host);
    const result = await run(command);
    if (result.code === 0 || result.code === null) return;
    const asked = command.replace(/^sudo\s+(-n\s+)?/, '');
    if (asked !== command && plain(asked) !== null) {
      const rule = await run(`sudo -n -l ${asked}`);
      if (rule.code !== 0 && rule.code !== null && rule.code !== noSuchCommand) throw notAllowed(host, asked, result);
    }
    throw failed(host, result);
  },
  looks: (session) => [{ what: 'privilege', see: () => mayPowerOff(session, powerOffCommandOf(session.host)) }],
};

const notAllowed = (host: Host, asked: string, result: CommandResult) =>
  hostFault(
    host,
    'not-allowed',
    `sudo does not let ${host.user} power it off without a password (exit code ${result.code})`,
    sudoRemedy(host, 'root', asked),
  );

function failed(host: Host, { code, stdout, stderr }: CommandResult) {
  const said = (stderr.trim() || stdout.trim()).slice(0, 300);
  const remedy = host.sudo ? remedyOfSudo(code) : remedyFor(host, code);
  return hostFault(host, 'command-failed', `the power-off command failed with exit code ${code}: ${said}`, remedy);
}

/** sudo that finds no command ends with 1: with this the shell says that it found no sudo. */
const remedyOfSudo = (code: number | null): string =>
  code === noSuchCommand
    ? 'Install sudo there, or let a user sign in who may do it without.'
    : 'Run the power-off command there by hand and look at what it says.';

const remedyFor = ({ user }: Host, code: number | null): string =>
  code === noSuchCommand
    ? 'The command was not found: write its absolute path, as PATH is short for commands sent over SSH.'
    : `Run it there by hand; if ${user} may not power the host off, switch sudo on for it.`;
