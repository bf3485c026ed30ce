import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import { cargoAmong } from './cargo.ts';
import type { PlacedStep, Places } from './places.ts';
import { warning } from './problem.ts';

/** Commands that switch a computer off, by the first words that people use for it. */
export const switchesOff = /(?:^|[\s;&|/])(?:poweroff|shutdown|halt|init\s+0|telinit\s+0)(?:\s|;|$)/;

/** Steps whose effect nothing proves, where something later counts on it. */
export function weakProofs(places: Places): Problem[] {
  return [...commands(places), ...closedPorts(places)];
}

function commands({ down }: Places): Problem[] {
  return down.flatMap(({ step, host, place }) => {
    if (host === null || step.kind !== 'command' || !switchesOff.test(step.command)) return [];
    const what = `Nothing proves that this command switches ${host.name} off: it counts as done when it has been taken`;
    return [warning(place, what, `Use "Power off" for ${host.name}.`)];
  });
}

/** A closed port comes some seconds before a host is really off. */
function closedPorts(places: Places): Problem[] {
  const cargo = cargoAmong(places.hosts);
  if (cargo.isNone) return [];
  const weak = new Map<Host, PlacedStep>();
  const offs: PlacedStep[] = [];
  for (const placed of places.down) {
    const { step, host } = placed;
    if (step.kind !== 'power-off' || host === null) continue;
    offs.push(placed);
    if (step.until === 'port-closed' && !weak.has(host)) weak.set(host, placed);
  }
  const told = new Set<PlacedStep>();
  return offs.flatMap((off) => {
    const carrier = off.host;
    if (carrier === null) return [];
    return cargo.of(carrier).flatMap((host) => {
      const placed = weak.get(host);
      if (!placed || told.has(placed) || !places.isBefore(placed, off)) return [];
      told.add(placed);
      const what = `${host.name} counts as off when its port is closed, some seconds before it is, and ${carrier.name}, which it needs, goes off next`;
      return [warning(placed.place, what, 'Let silence prove it.')];
    });
  });
}
