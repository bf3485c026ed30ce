import { type Fault, FaultError, toFault } from '../../shared/fault.ts';
import { confirmedRequests, type ParsedInput, type RequestName, requestSchemas } from '../../shared/ipc.ts';
import type { Log } from '../storage/log.ts';
import { origin } from './asset-path.ts';
import type { Handlers } from './handlers.ts';

/** Longest input, in characters of its JSON: a sequence of 500 steps needs about a third of it. */
const longestInput = 256 * 1024;

export type ConfirmedRequest = (typeof confirmedRequests)[number];

/** Who knocks. */
export interface Caller {
  /** The main frame of our own window, and no other. */
  isOurMainFrame: boolean;
  url: string;
}

export interface DoorDeps {
  handlers: Handlers;
  /** Asks the user outside the window, in words that name what will happen. @throws FaultError when it makes no sense to ask */
  confirm(name: ConfirmedRequest, input: ParsedInput<ConfirmedRequest>): Promise<boolean>;
  log: Log;
}

export type DoorAnswer = { ok: true; value: unknown } | { ok: false; fault: Fault };
export type Door = (caller: Caller, name: unknown, input: unknown) => Promise<DoorAnswer>;

/**
 * The one way from the window into this process. Whoever gets past it has the right to ask, and asks for something
 * well-formed. Every check fails closed, and nothing is thrown across it.
 */
export function createDoor({ handlers, confirm, log }: DoorDeps): Door {
  let asking = false;

  async function confirmOnce(name: ConfirmedRequest, input: ParsedInput<ConfirmedRequest>): Promise<void> {
    if (asking) throw refused(name, 'Another question is still open.', 'Answer it first.');
    asking = true;
    try {
      if (!(await confirm(name, input))) throw refused(name, 'It was not confirmed.', 'Nothing was done.');
    } finally {
      asking = false;
    }
  }

  async function handle<N extends RequestName>(name: N, raw: unknown): Promise<unknown> {
    requireSmall(name, raw);
    const parsed = requestSchemas[name].safeParse(raw);
    if (!parsed.success) {
      const [first] = parsed.error.issues;
      throw invalid(name, `${first?.path.join('.') || 'input'}: ${first?.message ?? 'invalid'}`);
    }
    // The compiler cannot see that a schema and its handler come from the same name.
    const input = parsed.data as ParsedInput<N>;
    if (isConfirmed(name)) await confirmOnce(name, input as ParsedInput<ConfirmedRequest>);
    return handlers[name](input);
  }

  return async (caller, name, input) => {
    const where = typeof name === 'string' ? name.slice(0, 100) : 'request';
    try {
      if (!caller.isOurMainFrame || !isOurs(caller.url)) {
        throw refused(where, 'It does not come from the window of Glidepath.', 'Nothing was done.');
      }
      if (!isRequestName(name)) throw invalid(where, 'There is no such request.');
      return { ok: true, value: await handle(name, input) };
    } catch (error) {
      const fault = toFault(error, where);
      // The input is not logged: it may hold a password. Of an unexpected error the stack tells where to look.
      const detail = error instanceof FaultError ? '' : `\n${error instanceof Error ? error.stack : ''}`;
      log.warn(`request ${where}: ${fault.code}: ${fault.what}${detail}`);
      return { ok: false, fault };
    }
  };
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requestSchemas, name);
}

function isConfirmed(name: RequestName): name is ConfirmedRequest {
  return confirmedRequests.some((each) => each === name);
}

function isOurs(url: string): boolean {
  return url === origin || url.startsWith(`${origin}/`);
}

function requireSmall(where: string, input: unknown): void {
  let length: number;
  try {
    length = (JSON.stringify(input) ?? '').length;
  } catch {
    throw invalid(where, 'It is not plain data.');
  }
  if (length > longestInput) throw invalid(where, `It has ${length} characters; ${longestInput} are allowed.`);
}

function invalid(where: string, what: string): FaultError {
  return new FaultError({
    code: 'invalid-input',
    what: what.slice(0, 2000),
    where,
    remedy: 'Correct the input and try again.',
  });
}

function refused(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'refused', what, where, remedy });
}
