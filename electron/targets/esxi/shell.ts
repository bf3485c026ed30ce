import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Clock, StepContext } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import type { RemoteShell } from '../ssh/pool.ts';

/** Milliseconds for one esxcli or vim-cmd call; a busy host takes some seconds. */
const callMs = 30_000;

/** When hostd does not answer: ms of the clock until it is asked again, and how often on the way down. */
const sickMs = 5000;
const sickTries = 5;

/** For the way back: after a boot hostd can be minutes behind sshd, and only the step's limit ends the patience. */
export const untilLimit = Number.POSITIVE_INFINITY;

export interface EsxiAnswer {
  /** stdout and stderr: which of them a fault is printed to is not documented. */
  text: string;
  /** By its exit code or by a fault that it printed: either counts, as each was seen without the other. */
  failed: boolean;
  /** Name of the printed fault (`ToolsUnavailable`), or null. */
  fault: string | null;
  code: number | null;
  /** The connection was lost meanwhile. */
  dropped: boolean;
}

/** Runs one command on an ESXi host. Throws only what `RemoteShell.run` throws: a command that says no is an answer. */
export type EsxiRun = (command: string, limitMs?: number) => Promise<EsxiAnswer>;

/**
 * The ESXi shell of a step's target. A management service that cannot be reached right now is asked again.
 * @see https://developer.broadcom.com/xapis/esxcli-command-reference/latest/
 */
export function esxiShell(
  shell: Pick<RemoteShell, 'run'>,
  clock: Clock,
  host: Host,
  context: Pick<StepContext, 'signal' | 'tell'>,
  patience: number = sickTries,
): EsxiRun {
  const once = async (command: string, limitMs: number): Promise<EsxiAnswer> => {
    const { stdout, stderr, code, dropped, truncated } = await shell.run(host, command, {
      limitMs,
      signal: context.signal,
    });
    if (truncated) {
      throw hostFault(host, 'unexpected-answer', `"${command}" printed more than 1 MiB`, 'Run it by hand and look.');
    }
    const text = `${stdout}\n${stderr}`;
    const fault = /^\((?:vim|vmodl)\.fault\.(\w+)\)\s*\{/m.exec(text)?.[1] ?? null;
    return { text, failed: code !== 0 || fault !== null, fault, code, dropped };
  };
  return async (command, limitMs = callMs) => {
    for (let tries = 1; ; tries += 1) {
      const answer = await once(command, limitMs);
      if (!answer.failed || !isManagementSick(answer.text) || tries >= patience || context.signal.aborted)
        return answer;
      context.tell(`the management service of ${host.name} does not answer, asking again`);
      await pause(clock, sickMs, context.signal);
    }
  };
}

/** What vim-cmd and esxcli print when they cannot talk to hostd: the command was not run. */
const isManagementSick = (text: string): boolean =>
  /^(Connect to localhost failed|Failed to login: (Connection reset by peer|SSL Exception))/m.test(text);

/** The fault of a command that failed, with what it printed. */
export function esxiFault(host: Host, doing: string, answer: EsxiAnswer, remedy: string): FaultError {
  if (answer.dropped) {
    return hostFault(host, 'dead-peer', `the connection was lost while ${doing}`, 'Look whether the host is still up.');
  }
  const message = /^\s*msg = "(.*)",?\s*$/m.exec(answer.text)?.[1] ?? answer.text.trim();
  const how = answer.fault ?? `exit code ${answer.code ?? 'none'}`;
  return hostFault(host, 'command-failed', `${doing} failed (${how}): ${message.slice(0, 300)}`, remedy);
}
