import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshKey } from '../ssh-keys.ts';

const kernelLine = [
  'console=ttyS0 panic=-1 mitigations=off nokaslr quiet random.trust_cpu=on tsc=unstable no_timer_check audit=0',
  // Names as the kernel gives them, and nothing that would wait for a terminal.
  'net.ifnames=0 systemd.log_target=console systemd.show_status=0',
].join(' ');

const sshdConfig = `HostKey /etc/ssh/host_key
AuthorizedKeysFile /etc/ssh/authorized_keys
PasswordAuthentication no
PermitRootLogin prohibit-password
UsePAM no
`;

interface Image {
  kernel: string;
  machine: string;
}

/**
 * A server in a virtual machine: an unmodified Debian kernel, systemd, OpenSSH and sudo, which the host reaches at a port
 * of loopback. Users: root, `ups` whom sudo lets power it off, `guest` whom it does not.
 */
export class Machine {
  readonly address = '127.0.0.1';
  port = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'machine-'));
  #qemu: ChildProcess | null = null;
  #ended: Promise<number> | null = null;

  /** Starts it. Its SSH service answers some seconds later. */
  async powerOn(image: Image, { hostKey, publicKey }: { hostKey: SshKey; publicKey: string }): Promise<void> {
    const keys = mkdtempSync(join(this.#folder, 'keys-'));
    chmodSync(keys, 0o755);
    const files = { host_key: hostKey.privateKey, authorized_keys: `${publicKey}\n`, sshd_config: sshdConfig };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(keys, name), text, { mode: name === 'host_key' ? 0o600 : 0o644 });
    }
    this.port = await freePort();
    const qemu = spawn('qemu-system-x86_64', this.#arguments(image, keys), { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#qemu = qemu;
    // Never left behind, whatever ends the tests.
    const reap = () => qemu.kill('SIGKILL');
    process.once('exit', reap);
    this.#ended = once(qemu, 'close').then(() => {
      process.off('exit', reap);
      return performance.now();
    });
  }

  get isOn(): boolean {
    return this.#qemu !== null && this.#qemu.exitCode === null && this.#qemu.signalCode === null;
  }

  /** How its power was switched off: 0, it did that itself; null: it was killed, or runs. */
  get exitCode(): number | null {
    return this.#qemu?.exitCode ?? null;
  }

  /** When it has gone off, by `performance.now()`. */
  async off(): Promise<number> {
    return this.#ended ?? Promise.reject(new Error('it was never on'));
  }

  /** What its kernel and systemd wrote. */
  console(): string {
    const log = join(this.#folder, 'console.log');
    return existsSync(log) ? readFileSync(log, 'utf8') : '';
  }

  async close(): Promise<void> {
    if (this.isOn) this.#qemu?.kill('SIGKILL');
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #arguments({ kernel, machine }: Image, keys: string): string[] {
    const forward = `hostfwd=tcp:${this.address}:${this.port}-:22`;
    return [
      ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none'],
      // In software: KVM is not to be had in containers and on many CI machines.
      ...['-M', 'pc,usb=off,vmport=off', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '512'],
      ...['-kernel', kernel, '-initrd', machine, '-append', kernelLine],
      ...['-serial', `file:${join(this.#folder, 'console.log')}`],
      // Nothing of it leaves this computer.
      ...['-netdev', `user,id=net,restrict=on,${forward}`, '-device', 'virtio-net-pci,netdev=net,romfile='],
      ...['-virtfs', `local,path=${keys},mount_tag=keys,security_model=none,readonly=on`],
    ];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
