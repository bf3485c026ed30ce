import type { LinuxHost } from '../../../shared/inventory.ts';
import type { StepContext } from '../../core/ports.ts';
import { plain } from '../checks/commands.ts';
import { hostFault } from '../host-fault.ts';
import type { CommandResult } from '../ssh/exec.ts';
import type { RemoteShell } from '../ssh/pool.ts';

/** Milliseconds: `systemctl poweroff` answers at once, or the connection goes down with the host. */
const limitMs = 30_000;

/** What is sent to power it off. `sudo -n` never waits for a password that nobody types. */
export const commandOf = ({ sudo, powerOffCommand }: LinuxHost): string =>
  sudo && !/^sudo\s/.test(powerOffCommand) ? `sudo -n ${powerOffCommand}` : powerOffCommand;

/**
 * Sends the power-off command. Its success is exit code 0, or no exit code at all: then the host went down with the
 * answer.
 * @throws FaultError `not-allowed`, `command-failed`, and those of `RemoteShell.run`
 */
export async function powerOffLinux(
  shell: Pick<RemoteShell, 'run'>,
  host: LinuxHost,
  context: StepContext,
): Promise<void> {
  const command = commandOf(host);
  const result = await shell.run(host, command, { limitMs, signal: context.signal });
  if (result.code === 0 || result.code === null) return;
  const asked = command.replace(/^sudo\s+(-n\s+)?/, '');
  if (asked !== command && plain(asked) !== null) {
    const rule = await shell.run(host, `sudo -n -l ${asked}`, { limitMs, signal: context.signal });
    if (rule.code !== 0 && rule.code !== null) throw notAllowed(host, asked, result);
  }
  throw failed(host, result);
}

const notAllowed = (host: LinuxHost, asked: string, result: CommandResult) =>
  hostFault(
    host,
    'not-allowed',
    `sudo does not let ${host.user} power it off without a password (exit code ${result.code})`,
    `On the host, run visudo and add: ${host.user} ALL=(root) NOPASSWD: ${asked} (with its absolute path)`,
  );

function failed(host: LinuxHost, { code, stdout, stderr }: CommandResult) {
  const said = (stderr.trim() || stdout.trim()).slice(0, 300);
  const remedy =
    code === 127
      ? 'The command was not found: write its absolute path, as PATH is short for commands sent over SSH.'
      : host.sudo
        ? 'Run the power-off command there by hand and look at what it says.'
        : `Run it there by hand; if ${host.user} may not power the host off, switch sudo on for it.`;
  return hostFault(host, 'command-failed', `the power-off command failed with exit code ${code}: ${said}`, remedy);
}
