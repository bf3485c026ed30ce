import type { Problem } from '../../../shared/problem.ts';
import type { Places } from './places.ts';
import { listed, warning } from './problem.ts';

/**
 * Maintenance mode of Proxmox VE moves the guests of HA to other nodes, and is there when they are gone: with every
 * node in it they stay, and it never is.
 * @see https://pve.proxmox.com/pve-docs/ha-manager.1.html (Maintenance Mode)
 */
export function nowhereToGo({ down, hosts }: Places): Problem[] {
  const nodes = [...hosts.values()].filter(({ kind }) => kind === 'proxmox');
  const entering = down.filter(({ step, host }) => step.kind === 'enter-maintenance' && host?.kind === 'proxmox');
  const [first] = entering;
  // Of a single one it is not known whether there are others.
  if (!first || nodes.length < 2) return [];
  if (!nodes.every((node) => entering.some(({ host }) => host?.id === node.id))) return [];
  const names = listed(nodes.map(({ name }) => name));
  return [
    warning(
      first.place,
      `Every Proxmox VE node enters maintenance mode (${names}): guests of HA would have nowhere to go`,
      'Use "Switch HA off" and "Shut down guests" in its place, or leave a node out that keeps its power.',
    ),
  ];
}
