import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import { Card } from '../rack/card.ts';
import { compiled } from '../rack/preflight.ts';
import { Child } from '../rack/process.ts';
import type { ToSend } from './send.ts';

const tools = ['ip', 'gcc', 'unshare', 'nsenter', 'setpriv'];

/** Why no such computer can be made here; null: it can. */
export function whyNoNetworks(): string | null {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const folders = (process.env.PATH ?? '').split(':').concat('/usr/sbin', '/sbin');
  const missing = tools.filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  return missing.length > 0 ? `missing: ${missing.join(', ')} (Debian: iproute2, util-linux, gcc)` : null;
}

/**
 * A computer with several network cards: a network namespace of its own. At the other end of each cable, in another
 * namespace, a sleeping card counts the magic packets that come over the wire.
 */
export class ManyCards {
  /** Magic packets heard, by the network's number. */
  readonly heard: number[] = [];
  readonly #computer: Child;
  readonly #cards: Card[] = [];

  private constructor() {
    this.#computer = new Child('unshare', ['--net', '--', 'sleep', '3600'], () => undefined);
  }

  /** @param subnets the first three bytes of each network, as 192.168.10; its card there has the address .2 */
  static async make(subnets: readonly string[], mac: string): Promise<ManyCards> {
    const made = new ManyCards();
    await made.#hasOwnNetwork();
    for (const [at, subnet] of subnets.entries()) {
      made.heard[at] = 0;
      const card = new Card(
        compiled('wol-nic'),
        mac,
        () => {
          made.heard[at] = (made.heard[at] ?? 0) + 1;
        },
        () => undefined,
      );
      made.#cards.push(card);
      await card.ready();
      made.ip(`link add d${at} type veth peer name eth0 address ${mac} netns ${card.pid}`);
      made.ip(`addr add ${subnet}.2/24 broadcast + dev d${at}`);
      made.ip(`link set d${at} up`);
      await made.#hasCarrier(`d${at}`);
    }
    return made;
  }

  /** A command of `ip` on this computer. */
  ip(words: string): string {
    return execFileSync('nsenter', [`--net=/proc/${this.#computer.pid}/ns/net`, 'ip', ...words.split(' ')]).toString();
  }

  /** Sends by the product's own code, or as others do, and gives what the sender believes to have sent. */
  async send(what: ToSend): Promise<{ packets: number; failures: string[] }> {
    programs ??= bundle('wake', { send: 'test/fakes/wake/send.ts' });
    const program = join(await programs, 'send.js');
    const inside = [`--net=/proc/${this.#computer.pid}/ns/net`, process.execPath, program, JSON.stringify(what)];
    const { stdout, stderr, status } = spawnSync('nsenter', inside, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  async close(): Promise<void> {
    this.#computer.kill();
    await Promise.all([this.#computer.ended, ...this.#cards.map((card) => card.kill())]);
  }

  async #hasOwnNetwork(): Promise<void> {
    await until(() => {
      const isIn = (name: string) => spawnSync('readlink', [name]).stdout.toString();
      const own = isIn(`/proc/${this.#computer.pid}/ns/net`);
      return own !== '' && own !== isIn('/proc/self/ns/net');
    });
    this.ip('link set lo up');
  }

  #hasCarrier(name: string): Promise<void> {
    return until(() => this.ip(`link show ${name}`).includes('LOWER_UP'));
  }
}

let programs: Promise<string> | null = null;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
