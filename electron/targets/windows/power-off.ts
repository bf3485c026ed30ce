import { CannotTell } from '../checks/check.ts';
import { hostFault } from '../host-fault.ts';
import type { PowerOffActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { readableErrors } from './clixml.ts';
import { literal, powershell, runPowerShell } from './powershell.ts';
import { mayNotShutDown, mayShutDown, privilegesOf } from './privileges.ts';

/**
 * In 5 s, so that its exit code still reaches us; programs are not asked. The message is shown on the screen.
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/shutdown
 */
const reason = 'Glidepath: power failure';
const shutdown = `shutdown /s /t 5 /f /c "${reason}"`;

/** @see https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499- and --1000-1299- */
const accessDenied = 5;
const inProgress = 1115;
const isScheduled = 1190;

/**
 * The same once more, from a script, which hands on the very exit code whatever the login shell makes of it. A shutdown
 * that is scheduled for later gives way to this one.
 */
const again = powershell(
  [
    // What a program writes to its error output is no error of the script.
    "$ErrorActionPreference='Continue'",
    `$a='/s','/t','5','/f','/c',${literal(reason)}`,
    '$null=&shutdown.exe $a;$c=$LASTEXITCODE',
    `if($c -eq ${isScheduled}){$null=&shutdown.exe /a;$null=&shutdown.exe $a;$c=$LASTEXITCODE}`,
    '@{code=$c}',
  ].join('\n'),
);

/**
 * Powers a Windows host off.
 * @throws FaultError `not-allowed`, `command-failed`, those of `Session.run`
 */
export async function powerOffWindows(session: Session): Promise<void> {
  const { host } = session;
  const first = await session.run(host.powerOffCommand ?? shutdown);
  if (first.code === 0 || first.code === null) return;
  if (host.powerOffCommand !== undefined) throw failed(session, first.code, first);
  const code = await codeOf(session, first.code);
  if (code === 0 || code === null) return;
  if (code === inProgress || code === isScheduled) {
    // Its silence is the proof that it was meant to go off.
    session.tell(`${host.name} says that it is going down already (${code})`);
    return;
  }
  if (code === accessDenied || (await hasNoRight(session))) throw mayNotShutDown(session);
  throw failed(session, code, first);
}

function failed({ host }: Session, code: number, { stdout, stderr }: CommandResult) {
  const said = (readableErrors(stderr) || stdout.trim()).slice(0, 300);
  const what = `the power-off command failed with exit code ${code}: ${said}`;
  return hostFault(host, 'command-failed', what, 'Run it on the host by hand and look at what it says.');
}

/** The exit code of a second try; null: the connection was lost over it. */
async function codeOf(session: Session, first: number): Promise<number | null> {
  const answer = await runPowerShell(session, again);
  if (answer.kind === 'dropped') return null;
  // Without PowerShell the login shell is cmd.exe, which hands exit codes on.
  return answer.kind === 'ok' && typeof answer.value.code === 'number' ? answer.value.code : first;
}

async function hasNoRight(session: Session): Promise<boolean> {
  try {
    const has = await privilegesOf(session);
    return !has.has('SeRemoteShutdownPrivilege') && !has.has('SeShutdownPrivilege');
  } catch (error) {
    if (error instanceof CannotTell) return false;
    throw error;
  }
}

export const windowsPowerOff: PowerOffActs = {
  would: (host) => host.powerOffCommand ?? shutdown,
  act: powerOffWindows,
  looks: (session) => [{ what: 'privilege', see: () => mayPowerOff(session) }],
};

async function mayPowerOff(session: Session): Promise<string> {
  const own = session.host.powerOffCommand;
  if (own !== undefined) throw new CannotTell(`“${own}” is the user's own command: only running it would tell`);
  return mayShutDown(session);
}
