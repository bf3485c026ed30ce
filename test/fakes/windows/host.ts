import { LoopbackHost, type LoopbackOptions } from '../loopback-host.ts';
import { type Result, result } from '../posix-shell.ts';
import { inCodePage850, longestLine, words } from './command-line.ts';
import { HyperV } from './hyper-v.ts';
import { type Ran, runScript } from './powershell-run.ts';
import { PowerShellSyntaxError } from './powershell-syntax.ts';
import { PowerShellError } from './powershell-values.ts';
import { type WindowsState, windowsState } from './state.ts';

export interface WindowsHostOptions extends Omit<LoopbackOptions, 'encoding'> {
  state?: Partial<WindowsState>;
}

/** A command that never ends. */
class Never extends Error {}

/**
 * An SSH host that behaves as a German Windows with OpenSSH's server and Hyper-V: exit codes and what is not translated
 * are all that it has in common with another. What it prints comes in the console's code page, with CR LF.
 * @see https://learn.microsoft.com/windows-server/administration/openssh/openssh-server-configuration (DefaultShell)
 */
export class WindowsHost extends LoopbackHost {
  readonly windows: WindowsState;
  readonly hyperV: HyperV;

  constructor(options: WindowsHostOptions) {
    super({ ...options, encoding: 'latin1' }, (line, user) => this.#run(line, user));
    this.windows = windowsState(options.state);
    this.hyperV = new HyperV(this.windows, options.after);
  }

  protected override onBoot(): void {
    this.hyperV.boot();
  }

  protected override onDark(): void {
    this.hyperV.cutPower();
  }

  async #run(line: string, user: string): Promise<Result> {
    try {
      const { stdout, stderr, code } = this.windows.shell === 'cmd' ? this.#cmd(line, user) : this.#posh(line, user);
      return result(inCodePage850(this.windows.noise + stdout), code, inCodePage850(stderr));
    } catch (error) {
      if (error instanceof Never) return new Promise(() => {});
      throw error;
    }
  }

  /** cmd.exe /c LINE: the exit code of the program is its own. */
  #cmd(line: string, user: string): Result {
    if (line.length > longestLine) return result('', 1, 'Die Befehlszeile ist zu lang.\r\n');
    const [name = '', ...rest] = words(line) ?? [];
    const unknown = `Der Befehl "${name}" ist entweder falsch geschrieben oder\r\nkonnte nicht gefunden werden.\r\n`;
    return this.#program(name, rest, user) ?? result('', 1, unknown);
  }

  /** powershell.exe -c LINE: the exit code is 0 or 1. */
  #posh(line: string, user: string): Result {
    const answer = this.#script(line, user);
    return answer.code === 0 ? answer : { ...answer, code: 1 };
  }

  #program(file: string, rest: readonly string[], user: string): Result | undefined {
    const name = file.toLowerCase().replace(/\.exe$/, '');
    const asked = `${name} ${rest.join(' ')}`.trim();
    if (name === 'powershell') return this.#powershell(rest, user);
    if (name === 'shutdown') return this.#shutdown(rest, user);
    switch (asked) {
      case 'whoami':
        return result(`hv01\\${user.toLowerCase()}\r\n`);
      case 'whoami /priv /fo csv /nh':
        return result(
          ['SeChangeNotifyPrivilege', ...this.#privileges(user)]
            .map((one) => `"${one}","Rückgängig","Aktiviert"\r\n`)
            .join(''),
        );
      case 'getmac /fo csv /nh':
        return result(
          this.windows.macs
            .map((mac) => `"${mac}","\\Device\\Tcpip_{A1B2C3D4-0000-4000-8000-0102030405FF}"\r\n`)
            .join(''),
        );
      default:
        return undefined;
    }
  }

  #privileges(user: string): readonly string[] {
    const both = ['SeShutdownPrivilege', 'SeRemoteShutdownPrivilege'];
    return this.windows.privileges[user] ?? (this.#groups(user).includes('administrators') ? both : []);
  }

  #groups = (user: string): readonly string[] => this.windows.groups[user] ?? [];

  #shutdown(rest: readonly string[], user: string): Result {
    const { fault } = this.windows;
    const says = (code: number, text: string) => result('', code, `${text}(${code})\r\n`);
    if (rest.join(' ') === '/a') {
      if (!this.windows.scheduled) return says(1116, 'Es wird kein Herunterfahren ausgeführt.');
      this.windows.scheduled = false;
      return result();
    }
    const isUsual = /^\/s \/t 5 \/f \/c Glidepath: power failure$/.test(rest.join(' ')) && rest.length === 6;
    if (!isUsual) return result('Syntax: SHUTDOWN [/i | /l | /s | /sg | /r ...]\r\n', 1);
    if (fault === 'hang') throw new Never();
    if (!this.#privileges(user).includes('SeRemoteShutdownPrivilege')) return says(5, 'Zugriff verweigert');
    if (fault === 'refuses') return says(1203, 'Der Netzwerkpfad wurde von keinem Anbieter angenommen.');
    if (fault === 'in-progress' || this.state === 'dying')
      return says(1115, 'Das System wird gerade heruntergefahren.');
    if (this.windows.scheduled) return says(1190, 'Das Herunterfahren wurde bereits geplant.');
    if (fault !== 'stuck') this.dieIn(5000 + this.windows.timeToDieMs);
    return result();
  }

  #powershell(rest: readonly string[], user: string): Result {
    const { powershell } = this.windows;
    const [profile, interactive, encoded, script = ''] = rest;
    if (powershell === 'blocked')
      return result('', 1, 'Dieses Programm wurde durch eine Gruppenrichtlinie gesperrt.\r\n');
    if (powershell === 'dies') this.goDarkAsUsual();
    if (powershell === 'dies' || powershell === 'hang') throw new Never();
    if (`${profile} ${interactive} ${encoded}` !== '-NoProfile -NonInteractive -EncodedCommand' || rest.length !== 4)
      return result('', 1, `Unbekannter Parameter: ${rest.join(' ').slice(0, 80)}\r\n`);
    const answer = this.#script(Buffer.from(script, 'base64').toString('utf16le'), user);
    return powershell === 'garbled' ? { ...answer, stdout: answer.stdout.slice(0, -10) } : answer;
  }

  #script(source: string, user: string): Result {
    const groups = this.#groups(user);
    const isAdmin = groups.includes('administrators');
    let stderr = '';
    let ran: Ran;
    try {
      ran = runScript(source, {
        isInRole: (sid) => (sid === 'S-1-5-32-544' ? isAdmin : sid === 'S-1-5-32-578' && groups.includes('hyper-v')),
        cmdlet: (name, call) =>
          name === 'get-netadapter' && call.named.get('physical') === true
            ? this.windows.macs.map((MacAddress) => ({ MacAddress }))
            : this.hyperV.cmdlet(name, call, { sees: groups.length > 0, isAdmin }),
        program: (name, args) => {
          const answer = this.#program(name, args, user);
          stderr += answer?.stderr ?? '';
          return answer;
        },
      });
    } catch (error) {
      if (!(error instanceof PowerShellSyntaxError || error instanceof PowerShellError)) throw error;
      return result('', 1, clixml(error.message));
    }
    return result(ran.stdout, ran.succeeded ? 0 : 1, stderr);
  }
}

/** How errors of an encoded script are printed. */
const clixml = (message: string): string =>
  `#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S S="Error">${message.replace(
    /[<>&]/g,
    (char) => `&#${char.charCodeAt(0)};`,
  )}_x000D__x000A_</S></Objs>`;
