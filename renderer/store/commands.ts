import type { RequestInput, RequestName } from '../../shared/ipc.ts';
import { ask } from '../bridge/bridge.ts';
import { isNo, say, uiStore } from './ui.ts';

/** The requests behind single buttons. A refusal is said, and shown where the button is. */
async function command<N extends RequestName>(name: N, input: RequestInput<N>, done: string): Promise<void> {
  uiStore.setState({ fault: null });
  const answer = await ask(name, input);
  if (answer.ok) {
    say(done);
  } else if (!isNo(answer.fault)) {
    uiStore.setState({ fault: answer.fault });
    say(answer.fault.what);
  }
}

/** The main process asks for confirmation in a dialog of its own. */
export const arm = (hash: string): Promise<void> => command('plan.arm', { hash }, 'Plan armed.');
export const disarm = (hash: string): Promise<void> => command('plan.disarm', { hash }, 'Plan disarmed.');
export const startRun = (hash: string): Promise<void> => command('run.start', { hash }, 'Run started.');
export const stopRun = (): Promise<void> => command('run.cancel', {}, 'The run is being stopped.');
export const endRun = (): Promise<void> => command('run.cancel', {}, 'The run is being ended.');
