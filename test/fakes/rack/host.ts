import type { Server } from 'node:net';
import path from 'node:path';
import { type After, scaledAfter } from '../after.ts';
import { EsxiShell, type EsxiState, esxiState } from '../esxi/shell.ts';
import { type Result, result } from '../posix-shell.ts';
import { type PowerFault, type PowerWish, powerCommand } from '../power-commands.ts';
import { Powered, type PowerState } from '../powered.ts';
import type { SshKey } from '../ssh-keys.ts';
import { Card } from './card.ts';
import type { HostKeyType, Login, RackFiles } from './files.ts';
import { bootScript } from './preflight.ts';
import { Child } from './process.ts';
import { answerQuestions, type Question } from './questions.ts';

export interface RackHostOptions {
  name: string;
  kind?: 'linux' | 'esxi';
  /** `root` unless given. */
  user?: string;
  /** What its sshd offers; the first is the host's `credential`. Linux: the key. ESXi: keyboard-interactive and the key. */
  logins?: readonly Login[];
  /** Commands that the user may run with `sudo -n`, exactly. */
  sudo?: readonly string[];
  hostKeyType?: HostKeyType;
  /** From the power command to dark: 300 ms unless given. ESXi takes its own time, compressed by `timeFactor`. */
  timeToDieMs?: number;
  /** From the magic packet to its system starting: 300 ms unless given. */
  bootMs?: number;
  /** Compresses the times of a scripted ESXi host: 0.02 unless given. */
  timeFactor?: number;
  fault?: PowerFault;
  /** How a commanded power off ends its connections. A power cut is always silent. */
  death?: 'fin' | 'silence';
  esxi?: Partial<EsxiState>;
  /** It is off when the rack is up. */
  off?: boolean;
}

export interface RackCommand {
  at: number;
  text: string;
  user: string;
}

export interface RackLogin {
  at: number;
  user: string;
  /** As sshd calls it: `publickey`, `password`, `keyboard-interactive/pam`. */
  method: string;
  accepted: boolean;
}

/** One machine of the rack: a real sshd in namespaces of its own, behind a network card that can be woken. */
export class RackHost extends Powered {
  readonly kind: 'linux' | 'esxi';
  readonly address: string;
  readonly port = 22;
  readonly mac: string;
  readonly user: string;
  /** For the first of its logins: the private key's text, or the password. */
  readonly credential: string;
  readonly hostKeyType: HostKeyType;
  /** Command lines as they came over SSH. */
  readonly commands: RackCommand[] = [];
  /** Power commands as they were run on it, and as whom: `root` also through sudo. */
  readonly powerCommands: RackCommand[] = [];
  readonly logins: RackLogin[] = [];
  /** When connections came to its sshd, be it for a look only; ms since the epoch. */
  readonly connections: number[] = [];
  /** Magic packets for it that were on its wire, in whatever state it was. */
  magicPackets = 0;
  fault: PowerFault;
  readonly esxi: EsxiShell | null;
  /** What its sshd and its card last said, for when something is wrong. */
  readonly journal: string[] = [];
  readonly #options: RackHostOptions;
  readonly #files: RackFiles;
  readonly #after: After = scaledAfter();
  #hostKey: SshKey;
  #card: Card | null = null;
  #system: Child | null = null;
  #server: Server | null = null;
  #pending: (() => void) | null = null;
  /** Grows with every change of power, so that what is late can see that it is. */
  #turn = 0;
  #goingDark = false;
  #isDown = false;

  constructor(options: RackHostOptions, place: { address: string; mac: string }, files: RackFiles) {
    super(options.name);
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(options.name)) throw new Error(`not a host name: ${options.name}`);
    this.#options = options;
    this.#files = files;
    this.kind = options.kind ?? 'linux';
    this.address = place.address;
    this.mac = place.mac;
    this.user = options.user ?? 'root';
    this.fault = options.fault ?? 'none';
    this.hostKeyType = options.hostKeyType ?? 'ssh-ed25519';
    const logins: readonly Login[] =
      options.logins ?? (this.kind === 'esxi' ? ['keyboard-interactive', 'key'] : ['key']);
    this.credential = logins[0] === 'key' ? files.key.privateKey : files.password;
    files.writeHost({ name: this.name, address: this.address, user: this.user, logins, sudo: options.sudo ?? [] });
    this.#hostKey = files.newHostKey(this.name, this.hostKeyType);
    this.esxi = this.kind === 'esxi' ? this.#newEsxi() : null;
  }

  get hostKeyFingerprint(): string {
    return this.#hostKey.fingerprint;
  }

  /** As in `known_hosts`. */
  get hostPublicKey(): string {
    return this.#hostKey.publicKey;
  }

  get crashedVms(): number {
    return this.esxi?.crashedVms ?? 0;
  }

  /** Of its card, which owns its network namespace. */
  get pid(): number {
    return this.#card?.pid ?? -1;
  }

  /** As after a new installation: from its next boot on it has another host key. */
  renewHostKey(): void {
    this.#hostKey = this.#files.newHostKey(this.name, this.hostKeyType);
  }

  /** Puts the card in. The cable comes after. */
  async plugIn(): Promise<void> {
    this.#server = await answerQuestions(path.join(this.#files.of(this.name), 'ask.sock'), (question) =>
      this.#answer(question),
    );
    this.#card = new Card(
      this.#files.wolNic,
      this.mac,
      () => this.#woken(),
      (line) => this.#note(line),
    );
    await this.#card.ready();
  }

  /** Power on as with the button, unless it is on; resolves when it answers. */
  async start(): Promise<void> {
    if (this.state === 'on' || this.state === 'dying') return;
    if (this.state === 'off') this.#boot(0);
    const state = await new Promise<PowerState>((resolve) => {
      const unwatch = this.watch((now) => {
        if (now === 'booting') return;
        unwatch();
        resolve(now);
      });
    });
    if (state !== 'on') throw new Error(`${this.name} did not come up:\n${this.journal.join('\n')}`);
  }

  /** The mains is gone: silent at once, all that ran is lost. */
  async powerCut(): Promise<void> {
    await this.#goDark('silence');
  }

  async unplug(): Promise<void> {
    this.#isDown = true;
    await this.#goDark('fin');
    await this.#card?.kill();
    this.#server?.close();
  }

  /** For the end of the process: what can be done without waiting. */
  killNow(): void {
    this.#system?.kill();
    void this.#card?.kill();
  }

  #newEsxi(): EsxiShell {
    const esxi = new EsxiShell(esxiState({ hostName: this.name, nics: [this.mac], ...this.#options.esxi }), {
      after: scaledAfter(this.#options.timeFactor ?? 0.02),
      onGoingDown: () => this.become('dying'),
      onPowerOff: () => void this.#goDark(this.#options.death ?? 'fin'),
    });
    esxi.isOn = false;
    return esxi;
  }

  #woken(): void {
    this.magicPackets += 1;
    if (this.state !== 'off' || this.#isDown) return;
    this.wakeCount += 1;
    this.#boot(this.#options.bootMs ?? 300);
  }

  #boot(ms: number): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.become('booting');
    this.#pending = this.#after(ms, () => void this.#startSystem(turn));
  }

  async #startSystem(turn: number): Promise<void> {
    // What is left of the time before must be over.
    await this.#system?.ended;
    if (turn !== this.#turn || !this.#card) return;
    await this.#card.setAddress(this.address);
    if (turn !== this.#turn) return;
    this.#files.newBootId(this.name);
    const own = ['--mount', '--propagation', 'private', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const script = ['sh', bootScript, this.#files.of(this.name), this.#files.common, this.name];
    const system = new Child('nsenter', [`--net=${this.#card.namespace}`, 'unshare', ...own, ...script], (line) =>
      this.#onSshd(line, turn),
    );
    this.#system = system;
    // What ends by itself is off, too.
    await system.ended;
    if (turn === this.#turn) await this.#goDark('fin');
  }

  #onSshd(line: string, turn: number): void {
    this.#note(line);
    if (turn !== this.#turn) return;
    if (line.startsWith('Server listening on')) {
      this.esxi?.boot();
      this.become('on');
    }
    if (line.startsWith('Connection from')) this.connections.push(Date.now());
    const login = /^(Accepted|Failed) (\S+) for (?:invalid user )?(\S+) from/.exec(line);
    if (login)
      this.logins.push({
        at: Date.now(),
        user: login[3] ?? '',
        method: login[2] ?? '',
        accepted: login[1] === 'Accepted',
      });
  }

  #note(line: string): void {
    this.journal.push(line);
    if (this.journal.length > 500) this.journal.shift();
  }

  async #goDark(mode: 'fin' | 'silence'): Promise<void> {
    if (this.state === 'off' || this.#goingDark) return this.waitFor('off', 10_000);
    this.#goingDark = true;
    this.#turn += 1;
    this.#pending?.();
    this.#pending = null;
    this.esxi?.cutPower();
    if (mode === 'silence') await this.#card?.setAddress(null);
    this.#system?.kill();
    await this.#system?.ended;
    if (mode === 'fin') await this.#card?.setAddress(null);
    this.#goingDark = false;
    this.become('off');
  }

  #answer({ root, user, program, args }: Question): Promise<Result | 'run'> | Result | 'run' {
    if (program === 'rack-login') {
      const text = args[0] ?? '';
      this.commands.push({ at: Date.now(), text, user });
      return this.esxi ? this.esxi.run(text, user) : 'run';
    }
    const words = [program, ...args];
    const asked = powerCommand(words, root, this.fault);
    if (asked === undefined) return result();
    if (asked === 'never' || asked.wish || asked.answer.code !== 0) {
      this.powerCommands.push({ at: Date.now(), text: words.join(' '), user: root ? 'root' : user });
    }
    if (asked === 'never') return new Promise(() => {});
    if (asked.wish) this.#obey(asked.wish);
    return asked.answer;
  }

  #obey(wish: PowerWish): void {
    if (wish.to === 'cancel' || this.state !== 'on') return;
    this.become('dying');
    this.#pending = this.#after(wish.inMs + (this.#options.timeToDieMs ?? 300), () => {
      void this.#goDark(this.#options.death ?? 'fin').then(() => {
        if (wish.to === 'reboot' && !this.#isDown) this.#boot(this.#options.bootMs ?? 300);
      });
    });
  }
}
