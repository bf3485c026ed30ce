import { asFed } from '../../../shared/as-fed.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import type { Places } from './places.ts';
import { listed, warning, whole } from './problem.ts';

/** What the inventory says of the plan's hosts: what feeds them, and what they cannot work without. */
export function hostProblems(sequence: Sequence, places: Places, upsIds?: ReadonlySet<string>): Problem[] {
  return [
    ...(upsIds ? unknownUpses(places.targets, upsIds) : []),
    ...unfed(places),
    ...unknownCarriers(places),
    ...circles(places),
    ...nothingDepends(sequence, places.targets),
  ];
}

/** Nothing can be concluded for a host from a UPS that does not exist. */
function unknownUpses(targets: readonly Host[], upsIds: ReadonlySet<string>): Problem[] {
  return targets.flatMap((host) =>
    host.fedBy.upses
      .filter((ups) => !upsIds.has(ups))
      .map((ups) =>
        warning(
          whole,
          `${host.name} is said to be fed by the UPS "${ups}", which nobody knows: an outage there would not be seen`,
          'Choose under Setup which UPSes feed it.',
        ),
      ),
  );
}

function unfed({ targets, hosts }: Places): Problem[] {
  const named = asFed([...hosts.values()]).filter((host) => host.fedBy.upses.length > 0);
  const known = new Set(named.map((host) => host.id));
  const without = targets.filter((host) => !known.has(host.id));
  if (without.length === 0 || without.length === targets.length) return [];
  const one = without.length === 1;
  const names = listed(without.map((host) => host.name));
  return [
    warning(
      whole,
      `No UPS feeds ${names}, as far as is known: ${one ? 'it is' : 'they are'} taken to go down with any that fails`,
      `Choose under Setup which UPSes feed ${one ? 'it' : 'them'}.`,
    ),
  ];
}

/** The hosts that one cannot work without, as it says itself. */
const carriersOf = (host: Host): string[] => (host.runsOn === undefined ? host.uses : [...host.uses, host.runsOn]);

function unknownCarriers({ targets, hosts }: Places): Problem[] {
  return targets.flatMap((host) =>
    carriersOf(host)
      .filter((id) => !hosts.has(id))
      .map((id) =>
        warning(
          whole,
          `${host.name} is said to ${id === host.runsOn ? 'run on' : 'use'} "${id}", which is no host: the order of the two cannot be checked`,
          'Choose under Setup what it uses and runs on.',
        ),
      ),
  );
}

function circles({ targets, hosts }: Places): Problem[] {
  const told = new Set<string>();
  return targets.flatMap((host) => {
    if (told.has(host.id)) return [];
    const circle = circleThrough(host, hosts);
    if (circle === null) return [];
    for (const each of circle) told.add(each.id);
    const names = circle.map(({ name }) => name);
    const what =
      names.length === 1
        ? `${host.name} is said to use itself, or to run on itself`
        : `${listed(names)} need each other in a circle, so that none of them can go down last`;
    return [warning(whole, what, 'Change under Setup what they use and run on.')];
  });
}

/** The shortest way from a host over what it needs back to itself. */
function circleThrough(host: Host, hosts: ReadonlyMap<string, Host>): Host[] | null {
  const cameFrom = new Map<string, string | null>([[host.id, null]]);
  for (const id of cameFrom.keys()) {
    const here = hosts.get(id);
    if (!here) continue;
    for (const carrier of carriersOf(here)) {
      if (carrier === host.id) {
        const way: Host[] = [];
        for (let at: string | null = id; at !== null; at = cameFrom.get(at) ?? null) {
          const each = hosts.get(at);
          if (each) way.unshift(each);
        }
        return way;
      }
      if (!cameFrom.has(carrier)) cameFrom.set(carrier, id);
    }
  }
  return null;
}

function nothingDepends(sequence: Sequence, targets: readonly Host[]): Problem[] {
  if (sequence.scope !== 'critical' || targets.length < 2) return [];
  if (targets.some((host) => carriersOf(host).length > 0)) return [];
  return [
    warning(
      whole,
      'Only the hosts that lose their power go down, and no host says what it uses: what depends on them would stay on',
      'Say under Setup what each host uses and runs on, or let every host go down.',
    ),
  ];
}
