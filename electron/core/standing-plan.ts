import type { Host } from '../../shared/inventory.ts';
import { listed } from '../../shared/listed.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { count } from '../../shared/words.ts';
import { type FedGroup, hostsOf } from './feeding.ts';
import { withDependents } from './plan/dependents.ts';
import { type Compiled, expand } from './plan/expand.ts';
import { type ExpectedOf, schedule } from './plan/schedule.ts';

/** Hosts, by id; null: all. */
export type Wanted = ReadonlySet<string> | null;

/** Sets of hosts of which it is remembered how long they take. */
const mostRemembered = 100;

/** A sequence and the hosts as they are, compiled once: whom an outage takes down, and how long that takes. */
export class StandingPlan {
  readonly sequence: Sequence;
  readonly hosts: readonly Host[];
  readonly compiled: Compiled;
  /** Those that its steps are aimed at: what feeds no one of them has no say. */
  readonly aimedAt: readonly Host[];
  readonly #expected: ExpectedOf;
  readonly #needs = new Map<string, number>();

  /** @param sequence as it was made, or compiled */
  constructor(sequence: Sequence, hosts: readonly Host[], expected: ExpectedOf) {
    this.sequence = sequence;
    this.hosts = hosts;
    this.compiled = expand(sequence, hosts);
    this.aimedAt = hostsOf(this.compiled.sequence, hosts);
    this.#expected = expected;
  }

  /** So many UPSes have failed that a run is for every host. */
  isBeyondTolerance(failedUpses: number): boolean {
    const { faultTolerance: tolerance } = this.sequence;
    return tolerance?.beyond === 'all' && failedUpses > tolerance.level;
  }

  /** Whom a run is for when the hosts of these groups lose their power: they, and what depends on them. */
  wantedFor(groups: readonly FedGroup[], failedUpses: number): Wanted {
    if (this.sequence.scope === 'all' || this.isBeyondTolerance(failedUpses)) return null;
    const ids = groups.flatMap((group) => group.hosts.map((host) => host.id));
    return new Set(withDependents(ids, this.hosts).keys());
  }

  /** Seconds (p90) that the way down takes for these hosts. */
  needs(wanted: Wanted, failedUpses: number): number {
    const key = `${failedUpses} ${wanted === null ? 'all' : [...wanted].sort().join(' ')}`;
    const known = this.#needs.get(key);
    if (known !== undefined) return known;
    if (this.#needs.size >= mostRemembered) this.#needs.clear();
    const { needs } = schedule(this.compiled, this.hosts, this.#expected, { wanted, failedUpses });
    this.#needs.set(key, needs);
    return needs;
  }

  /** ", for 2 of 9 hosts: web, db", to be put behind why a run is begun; empty: it is for all. */
  inWords(wanted: Wanted): string {
    if (wanted === null) return '';
    const names = this.aimedAt.filter((host) => wanted.has(host.id)).map((host) => host.name);
    return `, for ${names.length} of ${count(this.aimedAt.length, 'host')}: ${listed(names)}`;
  }

  /** How long steps take has been learned anew. */
  learned(): void {
    this.#needs.clear();
  }
}
