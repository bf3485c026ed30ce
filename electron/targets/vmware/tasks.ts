import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import type { Session } from '../platforms/session.ts';
import { localizedFault, type SoapAnswer, type VimFault } from '../soap/answer.ts';
import { refIn } from '../soap/content.ts';
import type { Ref, Xml } from '../soap/write.ts';
import { find, textAt } from '../soap/xml.ts';
import { orFault } from './faults.ts';
import { propertiesOf } from './properties.ts';

/** Milliseconds of the clock between two looks at a task. */
const lookEvery = 1000;

/** `running` also while it is queued. That it ended well proves nothing: the effect is looked at. */
export type TaskState = { state: 'running' } | { state: 'success' } | { state: 'error'; fault: VimFault };

/** @throws FaultError of `propertiesOf`, `unexpected-answer` */
async function stateOf(session: Session, task: Ref): Promise<TaskState> {
  const { host, api } = session;
  const info = (await propertiesOf(api, host, task, ['info'])).get('info');
  const state = textAt(info, 'state');
  if (state === 'queued' || state === 'running') return { state: 'running' };
  if (state === 'success') return { state };
  if (state === 'error') return { state, fault: localizedFault(find(info, 'error')) };
  throw unexpected(host, task.value);
}

/**
 * Follows a task to its end.
 * @param limitMs of the clock; then it is told as running
 * @throws FaultError of `propertiesOf`, `unexpected-answer`
 */
export async function untilEnded(session: Session, task: Ref, limitMs: number): Promise<TaskState> {
  const { clock, signal } = session;
  const deadline = clock.monotonic() + limitMs;
  for (;;) {
    const state = await stateOf(session, task);
    if (state.state !== 'running' || signal.aborted || clock.monotonic() >= deadline) return state;
    await pause(clock, lookEvery, signal);
  }
}

/** The task that a method began. @throws FaultError that of the answer, `unexpected-answer` */
export function taskOf(host: Host, doing: string, answer: SoapAnswer, remedy: string): Ref {
  const task = refIn(orFault(host, doing, answer, remedy).returned[0] ?? null);
  if (task) return task;
  throw unexpected(host, doing);
}

/**
 * Calls a method that begins a task, and follows it to its end.
 * @param limitMs of the clock, for the task
 * @throws FaultError of `VsphereApi.call`, `taskOf`, `untilEnded`
 */
export async function runTask(
  session: Session,
  call: { method: string; self: Ref; content?: readonly Xml[]; doing: string; remedy: string },
  limitMs: number,
): Promise<TaskState> {
  const answer = await session.api.call(call.method, call.self, call.content);
  return untilEnded(session, taskOf(session.host, call.doing, answer, call.remedy), limitMs);
}

const unexpected = (host: Host, what: string) =>
  hostFault(host, 'unexpected-answer', `it does not tell how a task goes (${what})`, 'Look at its tasks by hand.');
