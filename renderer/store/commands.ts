import type { RequestInput, RequestName } from '../../shared/ipc.ts';
import { ask } from '../bridge/bridge.ts';
import { draftStore } from './draft.ts';
import { say } from './ui.ts';

/** The requests behind single buttons. A refusal is shown where the plan's own faults are, and said. */
async function command<N extends RequestName>(name: N, input: RequestInput<N>, done: string): Promise<void> {
  const answer = await ask(name, input);
  draftStore.setState({ fault: answer.ok ? null : answer.fault });
  say(answer.ok ? done : answer.fault.what);
}

/** The main process asks for confirmation in a dialog of its own. */
export const arm = (hash: string): Promise<void> => command('plan.arm', { hash }, 'Plan armed.');
export const disarm = (): Promise<void> => command('plan.disarm', {}, 'Plan disarmed.');
export const startRun = (hash: string): Promise<void> => command('run.start', { hash }, 'Run started.');
export const stopRun = (): Promise<void> => command('run.cancel', {}, 'The run is being stopped.');
export const endRun = (): Promise<void> => command('run.cancel', {}, 'The run is being ended.');
