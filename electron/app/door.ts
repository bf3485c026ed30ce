import { type Fault, FaultError, toFault } from '../../shared/fault.ts';
import { type ParsedInput, type RequestName, requestSchemas } from '../../shared/ipc.ts';
import type { Handlers } from '../brain/handlers.ts';
import type { BoundQuestion, Questions } from '../brain/questions.ts';
import type { Log } from '../storage/log.ts';
import { origin } from './asset-path.ts';
import { inputFault } from './input-fault.ts';

/** Longest input, in characters of its JSON: a sequence of 2,000 steps needs about half of it. */
const longestInput = 1024 * 1024;

/** They only look, so they go on while a question is open. */
const looks: readonly RequestName[] = [
  'snapshot',
  'plan.check',
  'plan.simulate',
  'run.read',
  'rehearsal.read',
  'durations.export',
  'ups.details',
  'history.read',
];

/**
 * They change nothing that a question is about, so none waits for them: a host or a keychain that does not answer must
 * not hold it up.
 */
const passes: readonly RequestName[] = [
  'hosts.readKey',
  'hosts.setSecret',
  'servers.readCertificate',
  'servers.setPassword',
  'channels.setSecret',
  'channels.test',
  'run.cancel',
  'run.skip',
  'run.postpone',
  'rehearsal.start',
  'rehearsal.stop',
];

/** Who knocks. */
export interface Caller {
  /** The main frame of our own window, and no other. */
  isOurMainFrame: boolean;
  url: string;
}

export interface DoorDeps {
  handlers: Handlers;
  /** What the user must be asked outside the window first; null: nothing. @throws FaultError when it makes no sense to ask */
  questionFor<N extends RequestName>(name: N, input: ParsedInput<N>): BoundQuestion | null;
  questions: Questions;
  log: Log;
}

export type DoorAnswer = { ok: true; value: unknown } | { ok: false; fault: Fault };
export type Door = (caller: Caller, name: unknown, input: unknown) => Promise<DoorAnswer>;

/**
 * The one way from the window into this process. Whoever gets past it has the right to ask, and asks for something
 * well-formed. Every check fails closed, and nothing is thrown across it.
 */
export function createDoor({ handlers, questionFor, questions, log }: DoorDeps): Door {
  async function handle<N extends RequestName>(name: N, raw: unknown): Promise<unknown> {
    requireSmall(name, raw);
    const parsed = requestSchemas[name].safeParse(raw);
    if (!parsed.success) throw inputFault(name, raw, parsed.error.issues);
    // The compiler cannot see that a schema and its handler come from the same name.
    const input = parsed.data as ParsedInput<N>;
    const act = () => handlers[name](input);
    if (looks.includes(name)) return act();
    if (!passes.includes(name)) return questions.change(name, () => questionFor(name, input), act);
    questions.requireNone(name);
    return act();
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
