import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Fault } from '../../shared/fault.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { SimulationView, WhatIf } from '../../shared/view.ts';
import { ask } from '../bridge/bridge.ts';
import { draftStore } from './draft.ts';
import { liveStore } from './live.ts';

const quietMs = 150;

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

/**
 * Has an outage played through with the draft whenever the editing, or the asking, pauses. An answer that comes after
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
  ];
  soon();
  return () => {
    asked += 1;
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
