import { isHeld } from '../../shared/held.ts';
import type { RunView } from '../../shared/run.ts';
import { lostBy } from '../core/problems/losses.ts';
import { type PlacedStep, placesOf } from '../core/problems/places.ts';
import { mayBothBeDone } from '../core/problems/together.ts';

/**
 * All that is left of the way down has taken its order and takes away the computer on which Glidepath runs: as itself, as
 * a guest, or with its hypervisor. Whoever waits for the proof of that waits for the end of itself, and
 * keeps the computer from going off.
 */
export function onlyOwnEndLeft(run: RunView): boolean {
  const places = placesOf(run.sequence, { sequence: run.sequence, from: new Map(), cut: new Set() }, run.hosts);
  const stateOf = ({ step }: PlacedStep) => run.steps[step.id];
  const left = places.down.filter((placed) => ['waiting', 'active'].includes(stateOf(placed)?.state ?? ''));
  const taking = left.filter(
    (placed) => stateOf(placed)?.accepted && lostBy(placed, places).some((host) => host.isThisComputer),
  );
  // What is held, or shut out by the condition of the other, gets its end only when nothing else goes on. A UPS that
  // waits until then is held: whether by its mains, the journal does not tell.
  const isIdle = (placed: PlacedStep): boolean =>
    stateOf(placed)?.state === 'waiting' &&
    (placed.step.kind === 'ups-off' ||
      isHeld(placed.step, stateOf(placed), run) ||
      taking.some((other) => !mayBothBeDone(placed, other, places)));
  return taking.length > 0 && left.every((placed) => taking.includes(placed) || isIdle(placed));
}
