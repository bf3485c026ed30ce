import { usual } from '../../electron/core/plan/usual.ts';
import { type SimulationInput, simulate } from '../../electron/core/simulation/simulate.ts';
import type { SimulationView, WhatIf } from '../../shared/view.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';

export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Plays an outage of the sample rack through, of which nothing was learned; its UPS has 20 min left. */
export function play(whatIf: Partial<WhatIf>, more: Partial<SimulationInput> = {}): Promise<SimulationView> {
  return simulate({
    sequence: rackSequence(),
    hosts: rackHosts(),
    powers: [supply('hid:1')],
    durations: { format: 'glidepath-durations', version: 1, samples: [] },
    takes: (step) => usual(step).p90,
    whatIf: { load: 1, hangs: null, powerBackAt: null, ...whatIf },
    settle,
    ...more,
  });
}
