import type { RequestInput, RequestName } from '../../shared/ipc.ts';
import { ask } from '../bridge/bridge.ts';
import { isNo, openRehearsal, say, uiStore } from './ui.ts';

/**
 * The requests behind single buttons. A refusal is said, and shown where the button is.
 * @returns whether it was done
 */
async function command<N extends RequestName>(name: N, input: RequestInput<N>, done: string): Promise<boolean> {
  uiStore.setState({ fault: null });
  const answer = await ask(name, input);
  if (answer.ok) {
    say(done);
    return true;
  }
  if (!isNo(answer.fault)) {
    uiStore.setState({ fault: answer.fault });
    say(answer.fault.what);
  }
  return false;
}

/** The main process asks for confirmation in a dialog of its own. */
export const arm = (hash: string): Promise<boolean> => command('plan.arm', { hash }, 'Plan armed.');
export const disarm = (hash: string): Promise<boolean> => command('plan.disarm', { hash }, 'Plan disarmed.');
export const startRun = (hash: string): Promise<boolean> => command('run.start', { hash }, 'Run started.');
export const stopRun = (): Promise<boolean> => command('run.cancel', {}, 'The run is being stopped.');
export const endRun = (): Promise<boolean> => command('run.cancel', {}, 'The run is being ended.');
export const skipStep = (runId: string, step: string): Promise<boolean> =>
  command('run.skip', { runId, step }, 'The step is left out.');
export const postpone = (minutes: number): Promise<boolean> =>
  command('run.postpone', { seconds: minutes * 60 }, 'The start is put off.');

/** Shows it as soon as it goes on. */
export async function startRehearsal(hash: string): Promise<void> {
  if (await command('rehearsal.start', { hash }, 'Rehearsal started. Nothing is switched off.')) openRehearsal(null);
}

export const stopRehearsal = (): Promise<boolean> => command('rehearsal.stop', {}, 'The rehearsal is being stopped.');
