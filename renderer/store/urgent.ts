import type { PowerState, PowerView, Slices } from '../../shared/view.ts';
import { liveStore } from './live.ts';
import { interrupt } from './ui.ts';

const onMains = (state: PowerState): boolean => state === 'mains';
const onBattery = (state: PowerState): boolean => state === 'battery' || state === 'low';

/** What must be said at once, given what was known before. Live numbers are never among it. */
export function urgentSentence(before: Slices, after: Slices): string | null {
  if (after.run && after.run.runId !== before.run?.runId) return `Run started: ${after.run.why}`;
  if (after.run && failed(after) && !failed(before)) return `The run failed: ${after.run.log.at(-1)?.text ?? ''}`;
  const lost = after.status.powers.find(
    (power) => onBattery(power.state) && onMains(stateOf(before.status.powers, power)),
  );
  return lost ? `Power lost: ${lost.sentence}` : null;
}

const stateOf = (powers: PowerView[], of: PowerView): PowerState =>
  powers.find((power) => power.ups.id === of.ups.id)?.state ?? 'unknown';

const failed = (slices: Slices): boolean => slices.run?.result === 'failed' || slices.run?.downResult === 'failed';

export function followUrgent(): () => void {
  return liveStore.subscribe((state, old) => {
    if (!state.slices || !old.slices) return;
    const sentence = urgentSentence(old.slices, state.slices);
    if (sentence) interrupt(sentence);
  });
}
