import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import type { Session } from '../platforms/session.ts';
import { mayGoAround, withoutHostd } from './localcli.ts';

/** When hostd does not answer: ms of the clock until it is asked again. */
const sickMs = 5000;

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
  /** hostd, the management service behind vim-cmd and esxcli, did not answer: the command was not run. */
  isSick: boolean;
  /** Why nothing was told at all, where a question has not ended in its time. */
  hung: FaultError | null;
}

/** Runs one command on an ESXi host. Throws only what `RemoteShell.run` throws: a command that says no is an answer. */
export type EsxiRun = (command: string, limitMs?: number) => Promise<EsxiAnswer>;

/** The steps in which hostd was found sick: it is not waited for a second time, where there is a way around it. */
const sickIn = new WeakSet<AbortSignal>();

/**
 * The ESXi shell of a host. A management service that cannot be reached right now is asked again, and gone around in
 * the end on the way down.
 * @see https://developer.broadcom.com/xapis/esxcli-command-reference/latest/
 */
export function esxiShell(session: Session): EsxiRun {
  const { host, clock, signal, patience } = session;
  const goesAround = mayGoAround(session);
  const once = async (command: string, limitMs?: number): Promise<EsxiAnswer> => {
    try {
      const { stdout, stderr, code, dropped, truncated } = await session.run(command, limitMs);
      if (truncated) {
        throw hostFault(host, 'unexpected-answer', `"${command}" printed more than 1 MiB`, 'Run it by hand and look.');
      }
      const text = `${stdout}\n${stderr}`;
      const fault = /^\((?:vim|vmodl)\.fault\.(\w+)\)\s*\{/m.exec(text)?.[1] ?? null;
      const failed = code !== 0 || fault !== null;
      return { text, failed, fault, code, dropped, isSick: failed && isManagementSick(text), hung: null };
    } catch (error) {
      if (!goesAround || !asksOnly.test(command) || signal.aborted || !isHung(error)) throw error;
      const answer = { text: error.fault.what, failed: true, fault: null, code: null, dropped: false };
      return { ...answer, isSick: true, hung: error };
    }
  };
  return async (command, limitMs) => {
    const around = goesAround ? withoutHostd(command) : null;
    if (around !== null && sickIn.has(signal)) return once(around, limitMs);
    for (let tries = 1; ; tries += 1) {
      const answer = await once(command, limitMs);
      if (!answer.isSick && throughHostd.test(command)) sickIn.delete(signal);
      if (!answer.isSick || signal.aborted) return answer;
      if (tries >= patience || answer.hung) {
        sickIn.add(signal);
        if (around === null) return answer;
        session.tell(`${host.name} is asked by localcli, without its management service`);
        const other = await once(around, limitMs);
        return other.code === notFound ? answer : other;
      }
      session.tell(`the management service of ${host.name} does not answer, asking again`);
      await pause(clock, sickMs, signal);
    }
  };
}

/** What vim-cmd and esxcli print when they cannot talk to hostd: the command was not run. */
const isManagementSick = (text: string): boolean =>
  /^(Connect to localhost failed|Failed to login: (Connection reset by peer|SSL Exception))/m.test(text);

/** Who answers these is not sick any more. */
const throughHostd = /^(?:esxcli|vim-cmd) /;

/** Questions that can be left without an answer: whoever is behind them, nothing was changed by them. */
const asksOnly = /^(?:esxcli [\w ]+ (?:get|list)|vim-cmd vmsvc\/getallvms)$/;

/** A question that has not ended in its time: hostd hangs, or the host is gone, which the next one will tell. */
const isHung = (error: unknown): error is FaultError => error instanceof FaultError && error.fault.code === 'dead-peer';

/** What a shell answers when there is no such command. */
const notFound = 127;

/** The fault of a command that failed, with what it printed. */
export function esxiFault(host: Host, doing: string, answer: EsxiAnswer, remedy: string): FaultError {
  if (answer.hung) return answer.hung;
  if (answer.dropped) {
    return hostFault(host, 'dead-peer', `the connection was lost while ${doing}`, 'Look whether the host is still up.');
  }
  const message = /^ *msg = "(.*)",? *$/m.exec(answer.text)?.[1] ?? answer.text.trim();
  const how = answer.fault ?? `exit code ${answer.code ?? 'none'}`;
  return hostFault(host, 'command-failed', `${doing} failed (${how}): ${message.slice(0, 300)}`, remedy);
}
