import fs from 'node:fs';
import net from 'node:net';
import type { Result } from '../posix-shell.ts';

export interface Question {
  /** Real user id 0: it is root who asks, also through sudo. */
  root: boolean;
  /** Who logged in. */
  user: string;
  /** The command that is stood in for, or `rack-login`. */
  program: string;
  args: string[];
}

/** `run`: the command of the session is to be run for real. A promise that never settles leaves the asker waiting. */
export type Answerer = (question: Question) => Promise<Result | 'run'> | Result | 'run';

/** Answers the programs that stand in for a host's own (ask.c), on a socket in the host's folder. */
export async function answerQuestions(socket: string, answerer: Answerer): Promise<net.Server> {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const parts: Buffer[] = [];
    client.on('error', () => {});
    client.on('data', (part: Buffer) => parts.push(part));
    client.on('end', () => {
      const [uid = '', user = '', program = '', ...args] = Buffer.concat(parts).toString('utf8').split('\0');
      Promise.resolve(answerer({ root: uid === '0', user, program, args })).then(
        (answer) => client.end(answer === 'run' ? 'run\n' : framed(answer)),
        () => client.destroy(),
      );
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  fs.chmodSync(socket, 0o666);
  return server;
}

function framed({ stdout, stderr, code }: Result): Buffer {
  const [out, err] = [Buffer.from(stdout), Buffer.from(stderr)];
  return Buffer.concat([Buffer.from(`${code} ${out.length} ${err.length}\n`), out, err]);
}
