import type { StepActions } from '../../core/ports.ts';
import { ready } from '../checks/check.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { stepOf, type TargetDeps } from './deps.ts';

/**
 * Shows a desktop notification, and hands the message to the channels that it names. That it was handed over is all that
 * can be known: a channel tells it when it can be reached, and no run waits for that.
 */
export function notify({ clock, notifier }: TargetDeps): StepActions {
  const told = new StepMemory<true>();
  return {
    proveEvery: 100,
    async probe(context) {
      if (told.get(context) || ownData(context)) return { state: 'done', proof: 'notification shown' };
      return { state: 'not-done', seen: 'not shown yet' };
    },
    async act(context) {
      const { message, channels = 'all' } = stepOf(context, 'notify');
      notifier.notify({ category: 'run', urgency: 'normal', title: 'Glidepath', body: message, channels });
      told.set(context, true);
      return { shownAt: clock.now() };
    },
    check: async () => [ready('time', 'shown at once', null)],
    would: (step) => `show “${stepOf({ step }, 'notify').message}”`,
  };
}
