import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const conversation = fileURLToPath(new URL('terminal.exp', import.meta.url));

/**
 * Gives a command on a terminal of its own, answers its question, and resolves with all that stands there. By expect(1),
 * which waits for the question: script(1) of util-linux 2.38 types ahead, and now and then loses an exit code.
 * @throws when its exit code is not 0, or it neither asks nor ends within a minute
 */
export async function onTerminal(
  words: readonly string[],
  answer: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const all = { env: { ...process.env, ...env, ANSWER: answer }, timeout: 90_000, killSignal: 'SIGKILL' } as const;
  const { stdout } = await promisify(execFile)('expect', [conversation, ...words], all);
  return stdout;
}
