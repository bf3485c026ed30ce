import net from 'node:net';
import path from 'node:path';
import { Child } from '../rack/process.ts';
import { type Answerer, answerQuestions } from '../rack/questions.ts';
import { freePort } from '../server-process.ts';
import { type Death, reset } from '../ssh-host.ts';
import type { SshDoor } from '../switched-host.ts';
import { MachineRoot, type RootOptions } from './root.ts';

const enterScript = path.join(import.meta.dirname, 'enter.sh');

/** On loopback, where no other fake listens: the machine itself has the same port at 127.0.0.1. */
const behind = '127.0.0.2';

const own = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * A real OpenSSH server in namespaces of its own. All its connections go through this process, so that they can end in
 * ways in which a kernel ends none: by a reset, or without a word.
 */
export class MachineSshd implements SshDoor {
  readonly address = '127.0.0.1';
  readonly root: MachineRoot;
  /** What sshd says, the last lines. */
  readonly journal: string[] = [];
  readonly #answerer: Answerer;
  /** Of each connection, its other half. */
  readonly #inner = new Map<net.Socket, net.Socket>();
  readonly #frozen = new Set<net.Socket>();
  /** Whose power was cut: that they end is no failure. */
  readonly #cut = new WeakSet<Child>();
  #answers: net.Server | null = null;
  #system: Child | null = null;
  #listener: net.Server | null = null;
  #isOn = false;
  /** Counts the times that it was switched, so that what is begun for one does not go on in another. */
  #turn = 0;
  #port = 0;

  constructor(options: RootOptions, answerer: Answerer) {
    this.root = new MachineRoot(options);
    this.#answerer = answerer;
  }

  get port(): number {
    return this.#port;
  }

  async powerOn(): Promise<void> {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#turn += 1;
    const turn = this.#turn;
    for (const socket of this.#frozen) reset(socket);
    this.#answers ??= await answerQuestions(this.root.socket, this.#answerer);
    this.#port ||= await freePort();
    await this.#system?.ended;
    if (turn !== this.#turn) return;
    this.root.configure(behind, this.#port);
    if (!(await this.#start())) return;
    const listener = net.createServer({ noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(this.#port, this.address, resolve);
    });
    if (turn === this.#turn) this.#listener = listener;
    else listener.close();
  }

  powerOff(mode: Death): void {
    this.#isOn = false;
    this.#turn += 1;
    this.#listener?.close();
    this.#listener = null;
    for (const [socket, inner] of this.#inner) this.#end(socket, inner, mode);
    this.#inner.clear();
    if (!this.#system) return;
    this.#cut.add(this.#system);
    this.#system.kill();
  }

  /** Off for good, and nothing is left of it. */
  close(): void {
    this.powerOff('fin');
    for (const socket of this.#frozen) socket.destroy();
    this.#answers?.close();
    this.root.remove();
  }

  /** Resolves when sshd listens, or with false when its power was cut before. */
  #start(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const system = new Child('unshare', [...own, 'sh', enterScript, this.root.folder], (line) => {
        this.journal.push(line);
        if (this.journal.length > 200) this.journal.shift();
        if (line.startsWith('Server listening on')) resolve(!this.#cut.has(system));
      });
      this.#system = system;
      void system.ended.then(() => {
        if (this.#cut.has(system)) resolve(false);
        else reject(new Error(`the machine did not come up:\n${this.journal.join('\n')}`));
      });
    });
  }

  #accept(socket: net.Socket): void {
    const inner = net.connect({ host: behind, port: this.#port, noDelay: true });
    this.#inner.set(socket, inner);
    inner.on('error', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#inner.delete(socket);
      this.#frozen.delete(socket);
      inner.destroy();
    });
    inner.pipe(socket).pipe(inner);
  }

  #end(socket: net.Socket, inner: net.Socket, mode: Death): void {
    // What the machine would still have said is lost.
    inner.removeAllListeners('error').on('error', () => {});
    inner.unpipe(socket).destroy();
    socket.unpipe(inner);
    if (mode === 'fin') socket.destroy();
    else if (mode === 'rst') reset(socket);
    else this.#frozen.add(socket.pause());
  }
}
