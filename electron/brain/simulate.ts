import type { DurationsFile } from '../../shared/durations.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { PowerView, SimulationView, WhatIf } from '../../shared/view.ts';
import type { Engine } from '../core/engine.ts';
import type { ExpectedOf } from '../core/plan/schedule.ts';
import { simulate } from '../core/simulation/simulate.ts';
import type { Workspace } from './workspace.ts';

export interface SimulatorDeps {
  hosts(): readonly Host[];
  /** What the UPSes say now. */
  powers(): readonly PowerView[];
  durations(): DurationsFile;
  expected: ExpectedOf;
}

/** Ms of real time that a simulation may take. */
const longest = 8000;

/** Plays outages through beside everything else: only the newest question matters. */
export class Simulator {
  readonly #deps: SimulatorDeps;
  readonly #longest: number;
  #asked = 0;

  constructor(deps: SimulatorDeps, longestMs = longest) {
    this.#deps = deps;
    this.#longest = longestMs;
  }

  /**
   * Steps take as long as nine of ten do at most.
   * @throws FaultError `refused` when a newer question has come, `internal` when it took too long
   */
  async simulate({ sequence, whatIf }: { sequence: Sequence; whatIf: WhatIf }): Promise<SimulationView> {
    const { hosts, powers, durations, expected } = this.#deps;
    this.#asked += 1;
    const mine = this.#asked;
    const until = performance.now() + this.#longest;
    const settle = async () => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (mine !== this.#asked) throw overtaken(sequence);
      if (performance.now() > until) throw tooLong(sequence, this.#longest);
    };
    return simulate({
      sequence,
      hosts: hosts(),
      powers: powers(),
      durations: durations(),
      takes: (step, host) => expected(step, host).p90,
      whatIf,
      settle,
    });
  }
}

interface Sources {
  engine: Pick<Engine, 'status' | 'expected' | 'durations'>;
  workspace: Pick<Workspace, 'hosts'>;
}

/** Simulations with the hosts, the UPSes and the learned durations of now. */
export function simulations({ engine, workspace }: Sources): Simulator['simulate'] {
  const simulator = new Simulator({
    hosts: () => workspace.hosts().hosts.map(({ host }) => host),
    powers: () => engine.status().powers,
    durations: () => engine.durations(),
    expected: (step, host) => engine.expected(step, host),
  });
  return (input) => simulator.simulate(input);
}

const overtaken = ({ name }: Sequence): FaultError =>
  new FaultError({
    code: 'refused',
    what: 'the simulation was ended, as another one was asked for',
    where: name,
    remedy: 'Wait for the newer one.',
  });

const tooLong = ({ name }: Sequence, ms: number): FaultError =>
  new FaultError({
    code: 'internal',
    what: `the simulation was ended, as it took longer than ${ms / 1000} s`,
    where: name,
    remedy: 'Ask for an outage that ends sooner, or try again when this computer has less to do.',
  });
