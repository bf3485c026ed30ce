import type { PowerView } from './view.ts';

/**
 * Worst first: with several UPSes the window's band and the tray speak of the same one, the one that matters. One that
 * fell silent on battery is worse than one that still tells how its battery does; silent on mains is a nuisance.
 */
function gravity({ state, onBatterySince }: PowerView): number {
  switch (state) {
    case 'low':
      return 5;
    case 'lost-contact':
      return onBatterySince === null ? 2 : 4;
    case 'battery':
      return 3;
    case 'unknown':
      return 1;
    case 'mains':
      return 0;
  }
}

const left = ({ runtimeLeft }: PowerView): number => runtimeLeft ?? Number.MAX_SAFE_INTEGER;

/** Of two that are in the same state the one whose battery lasts shorter counts. */
export const worstPower = (powers: readonly PowerView[]): PowerView | null =>
  [...powers].sort((a, b) => gravity(b) - gravity(a) || left(a) - left(b))[0] ?? null;
