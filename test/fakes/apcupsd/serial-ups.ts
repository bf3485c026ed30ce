import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ended } from '../server-process.ts';

const source = join(import.meta.dirname, 'serial_ups.c');
const cache = join(import.meta.dirname, '../../../node_modules/.cache/glidepath');

/** A serial cable with a device at its end: a question is one character, its answer a line. */
export interface SerialUps {
  /** What the other program opens. */
  readonly path: string;
  /** Answers from now on, by question; a question without one gets NA. Then says `notice`, without being asked. */
  tell(answers: Readonly<Record<string, string>>, notice?: string): void;
  stop(): Promise<void>;
}

/** A pseudo-terminal and who answers on it: Node can open none, and a test that is busy would answer too late. */
export async function openSerialUps(): Promise<SerialUps> {
  const helper = spawn(program(), { stdio: ['pipe', 'pipe', 'inherit'] });
  const [path] = (await Promise.race([once(helper.stdout, 'data'), once(helper, 'exit')])) as [unknown];
  if (!Buffer.isBuffer(path)) throw new Error('there is no pseudo-terminal');
  return {
    path: path.toString().trim(),
    tell: (answers, notice) => {
      const lines = Object.entries(answers).map(([question, answer]) => `?${question}${answer}\n`);
      helper.stdin.write(lines.join('') + (notice ? `!${notice}\n` : ''));
    },
    stop: () => ended(helper, 'SIGTERM'),
  };
}

/** Compiles serial_ups.c, once for each state of its text. Several test files may do so at once. Needs gcc, libc6-dev. */
function program(): string {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const made = join(cache, `serial_ups-${hash}`);
  if (!existsSync(made)) {
    mkdirSync(cache, { recursive: true });
    const fresh = `${made}.${process.pid}`;
    execFileSync('gcc', ['-O1', '-Wall', '-Wextra', '-D_GNU_SOURCE', '-o', fresh, source], { stdio: 'inherit' });
    renameSync(fresh, made);
  }
  return made;
}
