import { createInterface } from 'node:readline/promises';
import { FaultError } from '../../shared/fault.ts';

/**
 * Asks on the terminal; only the whole word "yes" goes on.
 * @throws FaultError `not-confirmed` for anything else, and where there is nobody to ask
 */
export async function confirm(question: string): Promise<void> {
  const where = 'terminal';
  if (!process.stdin.isTTY) {
    const remedy = 'Give this command on a terminal: it is a person who must say yes.';
    throw new FaultError({ code: 'not-confirmed', what: 'There is nobody to ask.', where, remedy });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} Type yes to go on: `), gone]);
    if (answer.trim() === 'yes') return;
  } finally {
    terminal.close();
  }
  throw new FaultError({ code: 'not-confirmed', what: 'It was not confirmed.', where, remedy: 'Nothing was changed.' });
}
