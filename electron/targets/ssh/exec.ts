import type { Client, ClientChannel } from 'ssh2';
import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';

/** Bytes kept of each of stdout and stderr. */
const outputLimit = 1024 * 1024;

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** Null: a signal ended it, or the connection was lost. */
  code: number | null;
  /** The connection was lost while it ran: nobody knows how it ended. For a power-off that is what success looks like. */
  dropped: boolean;
  /** It printed more than 1 MiB; the rest is missing. */
  truncated: boolean;
}

/** The host never opened a channel for it: it was not run, and may be sent over another connection. */
export interface NotSent {
  notSent: string;
  /** Because the connection is gone. */
  lost: boolean;
}

export interface ExecOptions {
  /** Milliseconds of real time for the whole command. */
  limitMs: number;
  /** Stops waiting. The command may go on over there. */
  signal: AbortSignal;
  /** Called as soon as it may have been run. */
  onSent?: () => void;
}

/**
 * Runs one command as the host's own shell reads it, without a terminal and without a login shell: no profile is
 * read, and PATH is short (`/usr/bin:/bin:/usr/sbin:/sbin` or less), so commands elsewhere need an absolute path.
 * @throws FaultError `dead-peer` when it has not ended in time (whoever keeps the connection must not trust it any more:
 * its peer may be dead), `limit-reached` when `signal` stopped the wait
 */
export function exec(
  client: Client,
  host: Host,
  command: string,
  options: ExecOptions,
): Promise<CommandResult | NotSent> {
  // A step whose time ran out while the connection was made sends nothing any more.
  if (options.signal.aborted) return Promise.reject(brokenOff(host));
  return new Promise((resolve, reject) => {
    let channel: ClientChannel | null = null;
    let lost = false;
    let settled = false;
    const settle = (act: () => void): void => {
      settled = true;
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
      client.removeListener('close', onLost);
      act();
    };
    const giveUp = (fault: FaultError): void => {
      options.onSent?.();
      settle(() => reject(fault));
    };
    const onLost = (): void => {
      lost = true;
    };
    const stop = (): void => {
      channel?.close();
      giveUp(brokenOff(host));
    };
    const timer = setTimeout(() => {
      channel?.close();
      giveUp(noEnd(host, options.limitMs));
    }, options.limitMs);
    client.on('close', onLost);
    options.signal.addEventListener('abort', stop, { once: true });
    try {
      client.exec(command, (error, opened) => {
        if (settled) return void opened?.close();
        // ssh2 says this when the request for the command was already out: the host may have run it.
        if (error?.message === 'Unable to exec' && lost) {
          options.onSent?.();
          return settle(() => resolve({ stdout: '', stderr: '', code: null, dropped: true, truncated: false }));
        }
        if (error) return settle(() => resolve({ notSent: error.message, lost }));
        channel = opened;
        options.onSent?.();
        collect(opened, (result) => settle(() => resolve(result)));
      });
    } catch (error) {
      settle(() => resolve({ notSent: error instanceof Error ? error.message : String(error), lost: true }));
    }
  });
}

const brokenOff = (host: Host) =>
  hostFault(host, 'limit-reached', 'waiting for the command was broken off', 'It may still go on there.');

const noEnd = (host: Host, limitMs: number) =>
  hostFault(
    host,
    'dead-peer',
    `the command has not ended within ${limitMs / 1000} s`,
    'Look at the host; the command may still be going on there.',
  );

/** Tells once the channel is closed: its exit code can come before its output does. */
function collect(channel: ClientChannel, end: (result: CommandResult) => void): void {
  const kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let truncated = false;
  const keep = (name: 'stdout' | 'stderr') => {
    let size = 0;
    return (chunk: Buffer): void => {
      const room = outputLimit - size;
      if (chunk.length > room) truncated = true;
      if (room > 0) kept[name].push(chunk.subarray(0, room));
      size += chunk.length;
    };
  };
  let code: number | null = null;
  let killed = false;
  channel.on('data', keep('stdout'));
  channel.stderr.on('data', keep('stderr'));
  channel.on('exit', (status: number | null, signal?: string) => {
    code = status;
    killed = signal !== undefined;
  });
  channel.on('error', () => undefined);
  channel.on('close', () => {
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(kept[name]).toString('utf8');
    end({ stdout: text('stdout'), stderr: text('stderr'), code, dropped: code === null && !killed, truncated });
  });
  // Nothing is ever typed into it: a command that reads its input must see the end of it.
  channel.end();
}
