import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** `npm test` builds it and names it so. */
const program = process.env.GLIDEPATH_VCSIM;
export const hasVcsim = program !== undefined;

/** govmomi's simulator of VMware's API, which shares nothing with ours. */
export interface Vcsim {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startVcsim(args: readonly string[] = []): Promise<Vcsim> {
  if (!program) throw new Error('there is no vcsim: `npm test` builds it, and names it in GLIDEPATH_VCSIM');
  const child = spawn(program, ['-username', 'root', '-password', 'right', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), ended]);
  const port = /^READY https:\/\/127\.0\.0\.1:(\d+)$/.exec(String(first[0]))?.[1];
  if (port === undefined) throw new Error(`vcsim has not begun: ${String(first[0])}`);
  return {
    port: Number(port),
    stop: async () => {
      // It ends with its input; connections that are kept open would hold it up.
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
