import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { readableErrors } from './clixml.ts';

/**
 * A string of PowerShell, whatever the text holds: nothing in it is expanded. The four curly single quotes end such a
 * string as ' does, so each is doubled, too.
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 * @see https://github.com/PowerShell/PowerShell/blob/master/src/System.Management.Automation/engine/parser/CharTraits.cs
 */
export const literal = (text: string): string => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;

/**
 * A script as one command that cmd.exe and PowerShell read alike, as base64 has nothing that either would act on.
 * The script must leave one hash table; what it throws is told in its place. Both are written straight to the output, as
 * PowerShell's own way there may break lines, and in ASCII: without a console UTF-8 cannot be set, and names would come
 * in some code page. Exit codes say nothing: where PowerShell is the login shell, it makes 1 of any but 0.
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_powershell_exe (-EncodedCommand, -Command)
 */
export function powershell(script: string): string {
  const whole = [
    "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'",
    'try{[Console]::OutputEncoding=New-Object Text.UTF8Encoding $false}catch{}',
    `try{$r=&{${script}};$w='ok'}catch{$w='failed';$r=@{what="$_";category="$($_.CategoryInfo.Category)"}}`,
    '$j=ConvertTo-Json -InputObject $r -Compress -Depth 3',
    `$j=[regex]::Replace($j,'[^ -~]',{param($m)'\\u{0:x4}' -f [int][char]$m.Value})`,
    '[Console]::Out.WriteLine("glidepath-$w $j")',
  ].join('\n');
  return `powershell -NoProfile -NonInteractive -EncodedCommand ${Buffer.from(whole, 'utf16le').toString('base64')}`;
}

/**
 * Characters that cmd.exe takes in one command line are 8191; sshd adds the path of cmd.exe and quotes.
 * @see https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
 */
const longestCommand = 8000;

export type PowerShellAnswer =
  /** What the script left. */
  | { kind: 'ok'; value: Readonly<Record<string, unknown>> }
  /** What it threw, in the language of the host. */
  | { kind: 'failed'; what: string; denied: boolean }
  /** PowerShell itself did not get that far. */
  | { kind: 'none'; what: string }
  /** The connection was lost meanwhile. */
  | { kind: 'dropped' };

/**
 * Runs what `powershell` made.
 * @throws FaultError `invalid-input` when it is longer than cmd.exe takes, `unexpected-answer`, those of `Session.run`
 */
export async function runPowerShell(session: Session, command: string): Promise<PowerShellAnswer> {
  const { host } = session;
  if (command.length > longestCommand) {
    const what = `the command has ${command.length} characters, and cmd.exe takes ${longestCommand}`;
    throw hostFault(host, 'invalid-input', what, 'This is a defect in Glidepath: please report it.');
  }
  const { stdout, stderr, code, dropped } = await session.run(command);
  // Before it may stand what the login shell's own start-up files print.
  const lines = [...stdout.matchAll(/^\ufeff?glidepath-(ok|failed) (.*?)\r?$/gm)];
  const [, how, json = ''] = lines.at(-1) ?? [];
  if (how === undefined && dropped) return { kind: 'dropped' };
  if (how === undefined) {
    const said = readableErrors(stderr) || stdout.trim();
    return { kind: 'none', what: `exit code ${code ?? 'none'}: ${said.slice(0, 300)}` };
  }
  const value = parsed(json);
  if (value === null) {
    throw hostFault(
      host,
      'unexpected-answer',
      `PowerShell answered ${json.slice(0, 100)}`,
      'Look at the host by hand.',
    );
  }
  if (how === 'ok') return { kind: 'ok', value };
  // Names of an enumeration, which are not translated.
  const denied = value.category === 'PermissionDenied' || value.category === 'SecurityError';
  return { kind: 'failed', what: String(value.what).slice(0, 300), denied };
}

/**
 * What a script left.
 * @param doing what it was for, as in "listing the VMs"
 * @throws FaultError `command-failed`, `not-allowed`, `dead-peer`, those of `runPowerShell`
 */
export async function askPowerShell(
  session: Session,
  command: string,
  doing: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { host } = session;
  const answer = await runPowerShell(session, command);
  switch (answer.kind) {
    case 'ok':
      return answer.value;
    case 'dropped':
      throw hostFault(
        host,
        'dead-peer',
        `the connection was lost while ${doing}`,
        'Look whether the host is still up.',
      );
    case 'none':
      throw hostFault(
        host,
        'command-failed',
        `PowerShell did not run while ${doing} (${answer.what})`,
        'Run on the host by hand: powershell -NoProfile -Command Get-Host',
      );
    case 'failed': {
      const remedy = answer.denied
        ? `Add ${host.user} to the group Administrators there.`
        : 'Do it on the host by hand and look at what it says.';
      throw hostFault(
        host,
        answer.denied ? 'not-allowed' : 'command-failed',
        `${doing} failed: ${answer.what}`,
        remedy,
      );
    }
  }
}

function parsed(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
