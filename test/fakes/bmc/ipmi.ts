import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../rack/process.ts';
import { freePort } from '../server-process.ts';

const commands = ['ipmi_sim', 'ipmitool', 'setpriv'];

/** Why no such controller can be had here; null: it can. */
export function whyNoIpmi(): string | null {
  const folders = (process.env.PATH ?? '').split(':');
  const missing = commands.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing.length > 0 ? `missing: ${missing.join(', ')} (Debian: openipmi, ipmitool, util-linux)` : null;
}

/** A management controller that speaks IPMI 2.0: OpenIPMI's simulator, whose chassis is a file. */
export class IpmiController {
  readonly port: number;
  readonly #folder: string;
  readonly #process: Child;

  private constructor(port: number, folder: string, user: string, password: string) {
    this.port = port;
    this.#folder = folder;
    const path = (name: string): string => join(folder, name);
    mkdirSync(path('state'));
    writeFileSync(path('power'), '0');
    writeFileSync(path('chassis'), chassis(folder), { mode: 0o755 });
    writeFileSync(path('lan.conf'), lan(port, path('chassis'), user, password));
    writeFileSync(path('commands'), setUp);
    const args = ['-n', '-c', path('lan.conf'), '-f', path('commands'), '-s', path('state')];
    this.#process = new Child('ipmi_sim', args, () => undefined);
  }

  static async open(user: string, password: string): Promise<IpmiController> {
    const folder = mkdtempSync(join(tmpdir(), 'glidepath-ipmi-'));
    const made = new IpmiController(await freePort(), folder, user, password);
    await made.#answers(user, password);
    return made;
  }

  get isOn(): boolean {
    return readFileSync(join(this.#folder, 'power'), 'utf8').trim() === '1';
  }

  set isOn(on: boolean) {
    writeFileSync(join(this.#folder, 'power'), on ? '1' : '0');
  }

  /** What the chassis was told, as "set power 1". */
  get told(): string[] {
    const calls = join(this.#folder, 'calls');
    const lines = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
    return lines.filter((line) => line.startsWith('set'));
  }

  async close(): Promise<void> {
    this.#process.kill();
    await this.#process.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(user: string, password: string): Promise<void> {
    const args = ['-I', 'lanplus', '-C', '3', '-N', '1', '-R', '1', '-H', '127.0.0.1', '-p', String(this.port)];
    const env = { ...process.env, IPMI_PASSWORD: password };
    for (let left = 20; ; left -= 1) {
      try {
        execFileSync('ipmitool', [...args, '-U', user, '-E', 'chassis', 'power', 'status'], { env, stdio: 'pipe' });
        return;
      } catch (error) {
        if (left === 0) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

/** @see man ipmi_lan(5) */
const lan = (port: number, program: string, user: string, password: string): string =>
  [
    'name "bmc"',
    'set_working_mc 0x20',
    '  startlan 1',
    `    addr 127.0.0.1 ${port}`,
    '    priv_limit admin',
    '    allowed_auths_admin md5',
    '    guid a123456789abcdefa123456789abcdef',
    '  endlan',
    `  chassis_control "${program}"`,
    `  user 2 true "${user}" "${password}" admin 10 md5`,
    '',
  ].join('\n');

/** @see man ipmi_sim_cmd(5) */
const setUp = [
  'mc_setbmc 0x20',
  'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr',
  'mc_enable 0x20',
  '',
].join('\n');

/** The simulator asks it for the power and tells it. @see openipmi's lanserv/ipmi_sim_chassiscontrol */
const chassis = (folder: string): string =>
  [
    '#!/bin/sh',
    `echo "$@" >> '${folder}/calls'`,
    'case "$1 $2" in',
    `  "get power") echo "power:$(cat '${folder}/power')" ;;`,
    `  "set power") echo "$3" > '${folder}/power' ;;`,
    'esac',
    '',
  ].join('\n');
