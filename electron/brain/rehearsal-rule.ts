import type { RunView } from '../../shared/run.ts';
import type { PowerView } from '../../shared/view.ts';

/** Why no rehearsal may begin or go on, a sentence; null: it may. What signs in beside a run could be in its way. */
export function whyNoRehearsal(run: RunView | null, powers: readonly PowerView[]): string | null {
  if (run && run.phase !== 'ended') return 'A run goes on.';
  const failing = powers.find(({ state }) => state === 'battery' || state === 'low');
  return failing ? `${failing.ups.name} is on battery.` : null;
}
