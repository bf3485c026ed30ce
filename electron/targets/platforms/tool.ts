import { FaultError } from '../../../shared/fault.ts';
import { asking } from '../checks/commands.ts';
import { mayRun } from '../checks/privilege.ts';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import type { CommandResult } from '../ssh/exec.ts';
import { quote } from '../ssh/quote.ts';
import { sudoRemedy } from '../sudo-remedy.ts';
import { tellOnce } from '../vmware/tell-once.ts';
import type { Session } from './session.ts';

/** When a service does not answer: ms of the clock until it is asked again. */
const sickMs = 5000;

/** A program that manages what runs on a host, as it is run there. */
export interface Tool {
  /** Absolute, where the host's shell tells it. */
  path: string;
  /** What stands before its own words, as `sudo -n /usr/bin/docker`. */
  command: string;
  /** What else to do when it says no; absent: sudo is all that may be missing. */
  remedy?: string;
}

/**
 * The first of these programs that is there, by the absolute path that the user's shell has for it: sudo looks
 * elsewhere. A name may have words behind it, as `k3s kubectl`.
 * @param remedy what the user can do when it says no, besides looking at what it says
 * @throws FaultError `command-failed` when there is none, those of `Session.run`
 */
export async function toolOf(session: Session, names: readonly string[], remedy: string): Promise<Tool> {
  const { host } = session;
  for (const name of names) {
    const [program = '', ...words] = name.split(' ');
    const answer = await session.run(asking.whereIs(program));
    if (answer.dropped) throw lost(session, `asking for ${program}`);
    if (answer.code !== 0) continue;
    // What stands before may come from the user's own start-up files.
    const told = answer.stdout.trim().split('\n').at(-1)?.trim() ?? '';
    const path = /^\/[\w./+-]+$/.test(told) ? told : program;
    return { path, command: [...(host.sudo ? ['sudo -n'] : []), path, ...words].join(' '), remedy };
  }
  throw hostFault(
    host,
    'command-failed',
    `it has no ${names.join(' and no ')} in the PATH of commands sent over SSH`,
    'Install it there, or make a link to it in /usr/local/bin.',
  );
}

/**
 * Runs the tool with these words.
 * @param doing what for, as "listing the containers"
 * @returns what it printed
 * @throws FaultError why it said no: `not-allowed`, `command-failed`; `unexpected-answer` when it printed too much;
 * `dead-peer`, and those of `Session.run`
 */
export async function runTool(
  session: Session,
  tool: Tool,
  words: string,
  doing: string,
  limitMs?: number,
): Promise<string> {
  const result = await session.run(`${tool.command} ${words}`, limitMs);
  if (result.code !== 0) throw await refusal(session, tool, words, doing, result);
  if (!result.truncated) return result.stdout;
  throw hostFault(session.host, 'unexpected-answer', `${doing} printed more than 1 MiB`, 'Run it there by hand.');
}

/**
 * Runs the tool with these words apart from our session: nobody waits for its end, and it goes on when the session has
 * ended. How it ends is not told; that sudo would not let it begin is.
 * @param heardFor seconds in which it is heard when it says no: what takes its time is left to itself then
 * @throws FaultError `not-allowed`, `dead-peer`, `command-failed`, and those of `Session.run`
 */
export async function runApart(
  session: Session,
  tool: Tool,
  words: string,
  doing: string,
  heardFor = 0,
): Promise<void> {
  const { host } = session;
  if (host.sudo && !(await sudoAllows(session, tool, words))) throw bySudo(session, tool);
  const command = `nohup ${tool.command} ${words}`;
  const apart = heardFor > 0 ? heard(command, heardFor) : `${command} </dev/null >/dev/null 2>&1 &`;
  const result = await session.run(`sh -c ${quote(apart)}`);
  if (result.code !== 0) throw await refusal(session, tool, words, doing, result);
  const code = ending.exec(result.stdout)?.[1];
  if (code === undefined) return;
  const stdout = result.stdout.replace(ending, '');
  throw await refusal(session, tool, words, doing, { ...result, stdout, stderr: '', code: Number(code) });
}

const ending = /exit code (\d+)\n$/;

/**
 * Tells what a command prints when it fails, and the code that it ends with; whoever listens is gone after `seconds`.
 * @see https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html
 */
const heard = (command: string, seconds: number): string =>
  `{ { ${command} >/dev/null || echo "exit code $?"; } </dev/null 2>&1 & } | timeout ${seconds} head -c 10000; true`;

/**
 * Whether sudo lets the user run the tool with each of these words, none of which is run. What is missing is told as a
 * rule for all of the tool.
 * @throws FaultError `not-allowed`, `command-failed`; CannotTell
 */
export async function mayRunTool(session: Session, tool: Tool, all: readonly string[]): Promise<string> {
  for (const words of all) {
    try {
      await mayRun(session, `${tool.command} ${words}`);
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== 'not-allowed') throw error;
      throw new FaultError({ ...error.fault, remedy: sudoRemedy(session.host, 'root', tool.path) });
    }
  }
  return `sudo lets ${session.host.user} run ${tool.path}`;
}

/** These very words: a rule may be for some of what the tool does. */
async function sudoAllows(session: Session, tool: Tool, words: string): Promise<boolean> {
  const command = `${tool.command.replace(/^sudo -n /, '')} ${words}`;
  const { code, dropped } = await session.run(asking.sudoAllows({ command, as: 'root' }));
  return code === 0 || dropped;
}

function bySudo({ host }: Session, { path }: Tool): FaultError {
  const what = `sudo does not let ${host.user} run ${path} without a password`;
  return hostFault(host, 'not-allowed', what, sudoRemedy(host, 'root', path));
}

async function refusal(
  session: Session,
  tool: Tool,
  words: string,
  doing: string,
  result: CommandResult,
): Promise<FaultError> {
  const { host } = session;
  if (result.dropped) return lost(session, doing);
  if (host.sudo && !(await sudoAllows(session, tool, words))) return bySudo(session, tool);
  const said = (result.stderr.trim() || result.stdout.trim()).slice(0, 300);
  const missing = host.sudo ? '' : `If ${host.user} may not do this, switch sudo on for the host.`;
  const remedy = `Run ${tool.command} there by hand and look at what it says. ${tool.remedy ?? missing}`.trim();
  return hostFault(host, 'command-failed', `${doing} failed with exit code ${result.code ?? 'none'}: ${said}`, remedy);
}

/** Nobody knows how it ended. */
export const lost = ({ host }: Session, doing: string): FaultError =>
  hostFault(host, 'dead-peer', `the connection was lost while ${doing}`, 'Look whether the host is still up.');

/**
 * Asks again while a service says no: after a boot it can be minutes behind SSH. How often, the session's patience says.
 * @throws FaultError what it said last
 */
export async function patiently<T>(session: Session, service: string, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const mayPass = error instanceof FaultError && error.fault.code === 'command-failed';
      if (!mayPass || tries >= session.patience || session.signal.aborted) throw error;
      tellOnce(session, `${service} of ${session.host.name} does not answer, asking again`);
      await pause(session.clock, sickMs, session.signal);
    }
  }
}
