import { expand } from '../../../electron/core/plan/expand.ts';
import { schedule } from '../../../electron/core/plan/schedule.ts';
import { usual } from '../../../electron/core/plan/usual.ts';
import { findProblems } from '../../../electron/core/problems/find-problems.ts';
import type { KnownUps } from '../../../electron/core/problems/ups-off.ts';
import { asFed } from '../../../shared/as-fed.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { RunRecord } from '../../../shared/run-record.ts';
import type { Offer } from '../../../shared/ups-command.ts';
import { type Bench, bench } from '../bench.ts';
import { type Flow, upsOne } from './racks.ts';
import { type Cluster, type Told, vsphere } from './vsphere.ts';

/** What a UPS takes with any delay. */
export const turnsOff: Offer = {
  command: 'shutdown.return',
  delay: { kind: 'steps', min: 0, max: 7200, step: 1, round: 'down' },
  note: '',
};
const offers: Offer[] = [turnsOff, { command: 'shutdown.stop', delay: null, note: '' }];

/** What the planner says of a flow; of its UPSes everything is known. */
export function problemsOf({ sequence, hosts, others = [] }: Flow, patch: Partial<KnownUps> = {}): Problem[] {
  const upses = new Map([upsOne, ...others].map(({ id, name }) => [id, { name, allowed: true, offers, ...patch }]));
  return findProblems({
    sequence,
    hosts,
    secretIds: new Set(hosts.map(({ id }) => id)),
    upsIds: new Set(upses.keys()),
    upsFacts: { upses, planned: schedule(expand(sequence, hosts), hosts, usual).steps },
  });
}

/** What must not be armed, in words. */
export const errorsOf = (flow: Flow, patch?: Partial<KnownUps>): string[] =>
  problemsOf(flow, patch).flatMap(({ severity, what }) => (severity === 'error' ? [what] : []));

/** A flow that is being played. */
export class Played {
  readonly bench: Bench;
  readonly told: Told;
  readonly #flow: Flow;
  #cutAt = 0;

  constructor(made: Bench, flow: Flow, cluster: Cluster) {
    this.bench = made;
    this.told = vsphere(made, flow, cluster);
    this.#flow = flow;
    made.world.upses.onOff = (ups) => {
      // What another UPS carries too stays on.
      const isLost = (one: Host) => one.fedBy.upses.length > 0 && one.fedBy.upses.every((each) => each === ups);
      for (const host of asFed(flow.hosts)) if (isLost(host)) made.world.cut(host.id);
    };
  }

  /** The mains fail for this UPS, and the run that comes of it goes on for so many seconds. */
  async cut(upsId: string, seconds: number): Promise<void> {
    this.#cutAt = this.bench.clock.now();
    this.#ups(upsId).cut({ runtime: 7200 });
    await this.bench.seconds(seconds);
  }

  async restore(upsId: string, seconds: number): Promise<void> {
    this.#cutAt = this.bench.clock.now();
    this.#ups(upsId).restore({ charge: 100 });
    await this.bench.seconds(seconds);
  }

  #ups(id: string) {
    const { ups, others } = this.bench;
    const found = [ups, ...others].find(({ identity }) => identity.id === id);
    if (!found) throw new Error(`no UPS ${id}`);
    return found;
  }

  #since(): RunRecord[] {
    return this.bench.journals.records.filter(({ at }) => at >= this.#cutAt);
  }

  /** What was begun since the last cut or return of the mains, as "120: off-web, off-db": seconds since then, and steps. */
  begun(which = /./): string[] {
    const lines = new Map<number, string[]>();
    for (const record of this.#since()) {
      if (record.type !== 'intent' || record.attempt !== 1 || !which.test(record.step)) continue;
      const second = Math.round((record.at - this.#cutAt) / 1000);
      lines.set(second, [...(lines.get(second) ?? []), record.step]);
    }
    return [...lines].map(([second, steps]) => `${second}: ${steps.join(', ')}`);
  }

  /** The steps that failed or were left out since then, as "off-web failed". */
  notDone(): string[] {
    return this.#since().flatMap((record) =>
      record.type === 'step-ended' && (record.result === 'failed' || record.result === 'skipped')
        ? [`${record.step} ${record.result}`]
        : [],
    );
  }

  /** What is wrong with the world afterwards. */
  harm(): unknown[] {
    const { world, errors } = this.bench;
    const cut = [...world.hosts].flatMap(([id, { cutHard }]) => (cutHard ? [`${id} was cut hard`] : []));
    return [...world.errors, ...errors, ...cut];
  }

  /** The hosts that are on, with their VMs. */
  on(): Record<string, string[]> {
    return Object.fromEntries(
      this.#flow.hosts.flatMap(({ id, kind }) => {
        const { power, guestsOn } = this.bench.world.host(id);
        return power === 'on' && kind !== 'vcenter' ? [[id, [...guestsOn].sort()]] : [];
      }),
    );
  }
}

/** The rack of a flow with its plan armed, on the mains. */
export async function ready(flow: Flow, cluster: Cluster = {}): Promise<Played> {
  const { hosts, sequence, others = [] } = flow;
  const made = await bench({ hosts, sequence, others });
  return new Played(made, flow, cluster);
}
