import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const conversation = fileURLToPath(new URL('terminal.exp', import.meta.url));
/** Its exit code for that the command neither asks nor ends. */
const late = 124;

/**
 * Gives a command on a terminal of its own, answers its question, and resolves with its exit code and all that stands
 * there. By expect(1), which waits for the question: script(1) of util-linux 2.38 types ahead, and now and then loses an
 * exit code.
 * @throws when it neither asks nor ends within a minute
 */
export async function onTerminal(
  words: readonly string[],
  answer: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; shown: string }> {
  const all = { env: { ...process.env, ...env, ANSWER: answer }, timeout: 90_000, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve, reject) => {
    execFile('expect', [conversation, ...words], all, (error, shown) => {
      if (error === null) return resolve({ code: 0, shown });
      if (typeof error.code === 'number' && error.code !== late) return resolve({ code: error.code, shown });
      reject(error);
    });
  });
}
