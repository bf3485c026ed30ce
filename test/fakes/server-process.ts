import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A TCP port on loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Ends a process, unless it has ended, and waits for its end. */
export async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Looks every 50 ms, for 10 s at most: a program that starts tells nobody when it is ready. */
export async function until(there: () => boolean, what: string): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!there()) {
    if (performance.now() > limit) throw new Error(`${what} has not started within 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
