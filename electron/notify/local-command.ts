import { spawn } from 'node:child_process';
import type { CommandChannel } from '../../shared/channels.ts';
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
    const child = spawn(channel.program, channel.arguments, { env, detached, stdio: ['pipe', 'ignore', 'ignore'] });
    const kill = () => killAll(child.pid, detached);
    signal.addEventListener('abort', kill, { once: true });
    const end = (outcome: Outcome) => {
      signal.removeEventListener('abort', kill);
      resolve(outcome);
    };
    child.on('error', (error: NodeJS.ErrnoException) => end(notStarted(channel, error.code ?? 'error')));
    child.on('exit', (code, killedBy) => end(code === 0 ? delivered : failed(channel, code ?? killedBy ?? 'unknown')));
    // It need not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${title}\n\n${message.body}\n`);
  });
}

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
    channelFault(
      channel,
      'command-failed',
      `${channel.program} could not be started (${why}).`,
      'Look whether it is there and may be executed.',
    ),
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
