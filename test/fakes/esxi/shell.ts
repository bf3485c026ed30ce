import { type Result, result, runLine } from '../posix-shell.ts';
import { esxcli } from './esxcli.ts';
import { EsxiMachine } from './machine.ts';
import { versions } from './text.ts';
import { vimCmd } from './vim-cmd.ts';
import { advcfg, python } from './vsan.ts';

export { type EsxiOptions, times } from './machine.ts';
export { type EsxiState, type EsxiVm, esxiState, esxiVm } from './state.ts';
export { FakeVsan, helperMs, type VsanNode } from './vsan.ts';

export interface LoggedCommand {
  at: number;
  text: string;
}

/** A scripted ESXi shell: the commands that an orderly power off needs, with what they print and what they do. */
export class EsxiShell extends EsxiMachine {
  readonly log: LoggedCommand[] = [];

  /** Runs a line as an SSH exec channel would. When the host goes dark meanwhile, no answer ever comes. */
  async run(commandLine: string, user = 'root'): Promise<Result> {
    if (!this.isOn) throw new Error('the host is off');
    this.log.push({ at: this.now(), text: commandLine });
    const answer = await runLine(commandLine, (words) => this.#one(words, user));
    return this.isOn ? answer : new Promise(() => {});
  }

  async #one([path = '', ...rest]: readonly string[], user: string): Promise<Result | undefined> {
    const name = path.replace(inBin, '');
    const [version, build] = versions[this.state.dialect];
    switch (name) {
      case 'vim-cmd':
        return vimCmd(this, rest);
      case 'esxcli':
        return esxcli(this, rest, 'esxcli');
      case 'localcli':
        return this.state.localcli ? esxcli(this, rest, 'localcli') : undefined;
      case 'esxcfg-advcfg':
        return advcfg(this, rest);
      case 'python':
        return python(this, rest);
      case 'poweroff':
      case 'halt':
        this.powerOff();
        return result();
      case 'vmware':
        return result(`VMware ESXi ${version} build-${build}\n`);
      case 'uname':
        return result(
          rest[0] === '-a'
            ? `VMkernel ${this.state.hostName} ${version} #1 SMP Release build-${build} x86_64 ESXi\n`
            : 'VMkernel\n',
        );
      case 'hostname':
        return result(`${this.state.hostName}\n`);
      case 'id':
        return result(rest[0] === '-u' ? `${user === 'root' ? 0 : 1000}\n` : `${user}\n`);
      case 'command':
        return programs.includes((rest[1] ?? '').replace(inBin, '')) ? result(`/bin/${rest[1]}\n`) : result('', 127);
      case 'sleep':
        await this.sleep(Number(rest[0] ?? 0) * 1_000);
        return result();
      default:
        return undefined;
    }
  }
}

const inBin = /^\/(s?bin|usr\/s?bin)\//;

const programs = [
  'vim-cmd',
  'esxcli',
  'localcli',
  'esxcfg-advcfg',
  'python',
  'poweroff',
  'halt',
  'vmware',
  'uname',
  'hostname',
  'id',
  'sleep',
  'sh',
  'echo',
];
