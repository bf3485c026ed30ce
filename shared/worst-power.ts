import type { PowerState, PowerView } from './view.ts';

/** Worst first: with several UPSes the window's band and the tray speak of the same one, the one that matters. */
const gravity: Readonly<Record<PowerState, number>> = { low: 4, 'lost-contact': 3, battery: 2, unknown: 1, mains: 0 };

export const worstPower = (powers: readonly PowerView[]): PowerView | null =>
  [...powers].sort((a, b) => gravity[b.state] - gravity[a.state])[0] ?? null;
