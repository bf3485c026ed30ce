import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleGuest } from './bundle-guest.ts';
import { inGuest, root } from './checkout.ts';
import { type FromGuest, fromGuestSchema, type Request } from './guest/protocol.ts';
import type { UsbDevice } from './usb-device.ts';
import { UsbredirServer } from './usbredir-server.ts';

/** Milliseconds. */
const bootLimit = 120_000;
const offLimit = 10_000;

const kernelLine =
  'console=ttyS0 panic=-1 mitigations=off nokaslr quiet random.trust_cpu=on tsc=unstable no_timer_check audit=0';

interface Image {
  kernel: string;
  initramfs: string;
}

type Listener = (message: FromGuest) => void;

/** A virtual machine with an unmodified Debian kernel, the checkout at /app, and UPSes on its USB. */
export class Guest {
  /** What the agent said when it was ready. */
  ready: Extract<FromGuest, { type: 'ready' }> | null = null;
  readonly #folder = mkdtempSync(join(tmpdir(), 'usb-vm-'));
  readonly #listeners = new Set<Listener>();
  readonly #waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  readonly #sockets: UsbredirServer[] = [];
  #server: Server | null = null;
  #agent: Socket | null = null;
  #qemu: ChildProcess | null = null;
  #programs = '';
  #lastId = 0;

  /** Shows it on the USB; before `boot`. */
  async attach(device: UsbDevice): Promise<UsbredirServer> {
    const server = new UsbredirServer(device, join(this.#folder, `usb${this.#sockets.length}`));
    await server.listen();
    this.#sockets.push(server);
    return server;
  }

  /** Where the guest has one of the programs that bundle-guest.ts builds. */
  program(name: string): string {
    return inGuest(join(this.#programs, `${name}.mjs`));
  }

  async boot(image: Image): Promise<void> {
    this.#programs = await bundleGuest();
    const control = join(this.#folder, 'control');
    const server = createServer((agent) => this.#accept(agent));
    this.#server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(control, resolve));
    const ready = this.next('the agent', (message) => (message.type === 'ready' ? message : null), bootLimit);
    const qemu = spawn('qemu-system-x86_64', this.#arguments(image, control), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#qemu = qemu;
    // Never left behind, whatever ends the tests.
    const reap = () => qemu.kill('SIGKILL');
    process.once('exit', reap);
    qemu.once('close', () => process.off('exit', reap));
    let said = '';
    qemu.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const ended = once(qemu, 'close').then(([code]) => {
      throw new Error(`the virtual machine has ended with code ${code}`);
    });
    try {
      this.ready = await Promise.race([ready, ended]);
    } catch (error) {
      throw new Error([error, said, this.#console().slice(-2000)].join('\n'));
    }
  }

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Gives what `look` makes of the messages to come, the first that is not null. */
  next<T>(what: string, look: (message: FromGuest) => T | null, ms = 30_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        off();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited ${ms} ms in vain for ${what}`));
      }, ms);
      const off = this.on((message) => {
        const found = look(message);
        if (found === null) return;
        end();
        resolve(found);
      });
    });
  }

  ask(request: Request): Promise<string> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#agent?.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  shell(line: string): Promise<string> {
    return this.ask({ op: 'shell', line });
  }

  async close(): Promise<void> {
    const qemu = this.#qemu;
    if (qemu && qemu.exitCode === null && qemu.signalCode === null) {
      const ended = once(qemu, 'close');
      const patience = setTimeout(() => qemu.kill('SIGKILL'), this.ready ? offLimit : 0);
      this.ask({ op: 'power-off' }).catch(() => undefined);
      await ended;
      clearTimeout(patience);
    }
    for (const socket of this.#sockets) socket.close();
    this.#agent?.destroy();
    this.#server?.close();
    for (const folder of [this.#folder, this.#programs]) rmSync(folder, { recursive: true, force: true });
  }

  #arguments({ kernel, initramfs }: Image, control: string): string[] {
    const agent = this.program('agent');
    const devices = this.#sockets.flatMap(({ path }, at) => [
      ...['-chardev', `socket,id=usb${at},path=${path}`],
      ...['-device', `usb-redir,chardev=usb${at},bus=xhci.0,port=${at + 1}`],
    ]);
    return [
      ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none'],
      // In software: KVM is not to be had in containers and on many CI machines.
      ...['-M', 'pc,usb=off,vmport=off', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '768'],
      ...['-kernel', kernel, '-initrd', initramfs, '-append', `${kernelLine} agent=${agent}`],
      ...['-serial', `file:${join(this.#folder, 'console.log')}`],
      ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=ctl,path=${control}`],
      ...['-device', 'virtserialport,chardev=ctl,name=ctl'],
      ...['-virtfs', `local,path=${root},mount_tag=app,security_model=none,readonly=on`],
      ...['-device', 'qemu-xhci,id=xhci,p2=8,p3=8', ...devices],
    ];
  }

  /** What the kernel and the agent wrote. */
  #console(): string {
    const log = join(this.#folder, 'console.log');
    return existsSync(log) ? readFileSync(log, 'utf8') : '';
  }

  #accept(agent: Socket): void {
    this.#agent = agent;
    const lines = createInterface({ input: agent });
    lines.on('line', (line) => this.#take(fromGuestSchema.parse(JSON.parse(line))));
    // Passed on from the socket: the machine was killed.
    lines.on('error', () => agent.destroy());
  }

  #take(message: FromGuest): void {
    if (message.type !== 'answer') {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.failed) waiting?.reject(new Error(message.text));
    else waiting?.resolve(message.text);
  }
}
