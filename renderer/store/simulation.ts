import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Fault } from '../../shared/fault.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { SimulationView, Slices, WhatIf } from '../../shared/view.ts';
import { ask } from '../bridge/bridge.ts';
import { draftStore } from './draft.ts';
import { liveStore } from './live.ts';

const quietMs = 150;

/** The load and the runtime, with which an outage is played, move all the time: what is shown is never older than that. */
const oldMs = 180_000;

interface Simulation {
  whatIf: WhatIf;
  /** The newest answer, with the draft of which it is: that one may have been edited since. null: none yet. */
  played: { view: SimulationView; sequence: Sequence } | null;
  /** Why the newest draft could not be played through. */
  fault: Fault | null;
}

export const simulationStore = createStore<Simulation>()(() => ({
  whatIf: { load: 1, hangs: null, powerBackAt: null },
  played: null,
  fault: null,
}));

export function useSimulation<T>(pick: (simulation: Simulation) => T): T {
  return useStore(simulationStore, pick);
}

export const askWhatIf = (change: Partial<WhatIf>): void =>
  simulationStore.setState(({ whatIf }) => ({ whatIf: { ...whatIf, ...change } }));

/** What of the power makes another outage of it at once: which UPSes there are, and how each of them stands. */
const powersOf = (slices: Slices | null): string =>
  JSON.stringify(slices?.status.powers.map(({ ups, state }) => [ups.id, state]) ?? []);

/**
 * Has an outage played through with the draft whenever the editing, or the asking, pauses, when the power changes and every
 * few minutes. An answer that comes after
 * something else was asked is dropped. Goes on until what it returns is called.
 */
export function followSimulation(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const simulate = async (): Promise<void> => {
    const sequence = draftStore.getState().history?.now;
    if (!sequence) return;
    const mine = asked;
    const answer = await ask('plan.simulate', { sequence, whatIf: simulationStore.getState().whatIf });
    if (mine !== asked) return;
    simulationStore.setState(
      answer.ok ? { played: { view: answer.value, sequence }, fault: null } : { played: null, fault: answer.fault },
    );
  };
  const soon = () => {
    asked += 1;
    clearTimeout(timer);
    timer = setTimeout(() => void simulate(), quietMs);
  };

  const stops = [
    draftStore.subscribe((draft, old) => void (draft.history?.now !== old.history?.now && soon())),
    simulationStore.subscribe((state, old) => void (state.whatIf !== old.whatIf && soon())),
    liveStore.subscribe((state, old) => void (state.slices?.hosts !== old.slices?.hosts && soon())),
    liveStore.subscribe((state, old) => {
      if (state.slices?.status !== old.slices?.status && powersOf(state.slices) !== powersOf(old.slices)) soon();
    }),
  ];
  const again = setInterval(soon, oldMs);
  soon();
  return () => {
    asked += 1;
    clearTimeout(timer);
    clearInterval(again);
    for (const stop of stops) stop();
  };
}
