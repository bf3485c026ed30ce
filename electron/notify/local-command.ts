import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { CommandChannel } from '../../shared/channels.ts';
import { remedyForStart } from '../../shared/not-started.ts';
import type { Message } from '../../shared/notices.ts';
import { channelFault, delivered, type Outcome, retry } from './outcome.ts';

/**
 * Runs the program without a shell. When `signal` is aborted it is killed with all that it has started. What it prints is
 * not read.
 */
export function runLocal(channel: CommandChannel, message: Message, signal: AbortSignal): Promise<Outcome> {
  const title = `${message.rack}: ${message.title}`;
  const env = {
    ...process.env,
    GLIDEPATH_TITLE: title,
    GLIDEPATH_BODY: message.body,
    GLIDEPATH_URGENCY: message.urgency,
  };
  // A group of its own, so that nothing of it is left over.
  const detached = process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = begun(channel, { env, detached });
    // Some errors of the system are thrown, others come as an event.
    if (child instanceof Error) return resolve(notStarted(channel, codeOf(child)));
    const kill = () => killAll(child.pid, detached);
    signal.addEventListener('abort', kill, { once: true });
    const end = (outcome: Outcome) => {
      signal.removeEventListener('abort', kill);
      resolve(outcome);
    };
    child.on('error', (error) => end(notStarted(channel, codeOf(error))));
    child.on('exit', (code, killedBy) => end(code === 0 ? delivered : failed(channel, code ?? killedBy ?? 'unknown')));
    // It need not read what it is given; and where no more files can be opened there is none.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${title}\n\n${message.body}\n`);
  });
}

function begun({ program, arguments: given }: CommandChannel, how: SpawnOptions): ChildProcess | Error {
  try {
    return spawn(program, given, { ...how, stdio: ['pipe', 'ignore', 'ignore'] });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? 'error';

/** It may have told it before it hung: it is not run again for the same message. */
export const hungLocal = (channel: CommandChannel, seconds: number): Outcome => ({
  type: 'give-up',
  fault: channelFault(
    channel,
    'limit-reached',
    `${channel.program} did not end within ${seconds} s, and was killed.`,
    'Make it end sooner, or let it go on by itself in the background.',
  ),
});

function killAll(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const notStarted = (channel: CommandChannel, why: string): Outcome =>
  retry(
    channelFault(channel, 'command-failed', `${channel.program} could not be started (${why}).`, remedyForStart(why)),
  );

const failed = (channel: CommandChannel, how: string | number): Outcome =>
  retry(
    channelFault(
      channel,
      'command-failed',
      `${channel.program} ended with ${how}.`,
      'Run it by hand and look at what it says.',
    ),
  );
