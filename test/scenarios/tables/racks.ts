import type { Host } from '../../../shared/inventory.ts';
import { type Sequence, sequenceSchema } from '../../../shared/sequence.ts';
import { esxi, ups as firstUps, linux, rackHosts, rackSequence } from '../../fakes/rack-samples.ts';

export const upsA = firstUps;
export const upsB = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };

/** Whose outage it is. */
export interface Rack {
  /** In words, for the table. */
  title: string;
  hosts: Host[];
  sequence: Sequence;
  /** There is a second UPS, "Rack UPS". */
  hasSecond?: boolean;
  isArmed?: boolean;
  /** What the UPS tells of its battery; absent: runtime and charge. */
  tells?: 'nothing' | 'the runtime only';
}

/**
 * esx with two guests, web and nas on one UPS: guests, then (the line) esx and web, then nas. By the usual times the plan
 * needs 135 + 30 + 90 + 90 s = 5 min 45 s, so it starts when 7 min 11 s of battery are left. The hosts are quicker: each
 * of the three stages takes 20 s here, and a host boots in 40 s.
 */
export const home = (title = 'home', patch: Record<string, unknown> = {}, more: Partial<Rack> = {}): Rack => ({
  title,
  hosts: rackHosts(),
  sequence: rackSequence(patch),
  ...more,
});

/** What starts a run, beside what is usual. */
export const triggers = (patch: Record<string, unknown>) => ({
  triggers: { runtime: {}, charge: {}, onBattery: {}, ...patch },
});

const off = { enabled: false };
/** Every trigger is off but those named. */
export const only = (patch: Record<string, unknown> = {}) =>
  triggers({ runtime: off, charge: off, onBattery: off, lowBattery: off, forced: off, silent: off, ...patch });

/** The hosts of home on two UPSes, as `feeds` says: "A" or "B" or "A+B" (one is enough) or "A&B" (both are needed). */
export function twoUpses(
  title: string,
  feeds: Record<string, string>,
  patch: Record<string, unknown> = {},
  hosts: Record<string, Partial<Host>> = {},
): Rack {
  const fed = rackHosts().map((host): Host => {
    const text = feeds[host.id] ?? '';
    const upses = [...(text.includes('A') ? [upsA.id] : []), ...(text.includes('B') ? [upsB.id] : [])];
    const fedBy = { upses, need: text.includes('&') ? ('all' as const) : ('any' as const) };
    return Object.assign(host, { fedBy }, hosts[host.id]);
  });
  return { title, hosts: fed, sequence: rackSequence(patch), hasSecond: true };
}

/** esx on the first UPS, web and nas on the second; a run is for those that lose their power. */
export const split = (title = 'esx on Back-UPS, web and nas on Rack UPS', patch: Record<string, unknown> = {}): Rack =>
  twoUpses(title, { esx: 'A', web: 'B', nas: 'B' }, { scope: 'critical', ...patch });

/** These stages down, the line before the last one; and everything that is powered off is woken. */
export function plan(
  title: string,
  hosts: Host[],
  stages: Record<string, unknown>[],
  patch: Record<string, unknown> = {},
): Rack {
  const down = stages.map((stage, at) => ({ id: `s${at + 1}`, name: `Stage ${at + 1}`, ...stage }));
  const wakes = hosts.map((host) => ({ id: `wake-${host.id}`, kind: 'wake', target: host.id }));
  const sequence = sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'own',
    name: 'Own plan',
    stages: down,
    pointOfNoReturn: down.at(-1)?.id,
    returnStages: [{ id: 'back', name: 'Back', steps: wakes }],
    returnWhen: {},
    ...patch,
  });
  return { title, hosts, sequence };
}

export const many = (...names: string[]): Host[] => names.map((name) => ({ ...linux(name), tags: ['many'] }) as Host);
export const oneEsx = (): Host[] => [esxi('esx')];
