import { findProblems } from '../../electron/core/problems/find-problems.ts';
import type { Host } from '../../shared/inventory.ts';
import { rackSequence } from '../fakes/rack-samples.ts';

export const wait = (id: string, seconds: number, needs: string[] = []) => ({ id, kind: 'wait', seconds, needs });
export const off = (target: string, patch: object = {}) => ({
  id: `off-${target.replace(':', '-')}`,
  kind: 'power-off',
  target,
  ...patch,
});
export const wake = (target: string, patch: object = {}) => ({ id: `wake-${target}`, kind: 'wake', target, ...patch });
export const guests = (target: string, patch: object = {}) => ({
  id: `guests-${target}`,
  kind: 'shut-down-guests',
  target,
  ...patch,
});
export const enter = (target: string, patch: object = {}) => ({
  id: `mm-${target}`,
  kind: 'enter-maintenance',
  target,
  ...patch,
});
export const leave = (target: string) => ({ id: `leave-${target}`, kind: 'exit-maintenance', target });
export const start = (target: string) => ({
  id: `start-${target}`,
  kind: 'start-guests',
  target,
  needs: [`leave-${target}`],
});
export const staged = (way: string, steps: object[][]) =>
  steps.map((each, at) => ({ id: `${way}${at}`, name: `${way} ${at}`, steps: each }));

/** Hosts are woken one beside the other unless the way back is given; then hypervisors start their guests again. */
export function found(
  hosts: readonly Host[],
  down: object[][],
  back: object[][] = [hosts.map((host) => wake(host.id))],
): string[] {
  const guestsBack = hosts.flatMap(({ kind, id }) => (kind === 'esxi' ? [leave(id), start(id)] : []));
  const returning = back.length > 0 ? [...back, guestsBack] : [];
  const returnStages = staged('r', returning);
  const sequence = rackSequence({ stages: staged('s', down), pointOfNoReturn: 's0', returnStages });
  const secretIds = new Set(hosts.map(({ id }) => id));
  return findProblems({ sequence, hosts, secretIds }).map(
    ({ severity, stepId, what }) => `${severity} ${stepId ?? '-'}: ${what}`,
  );
}
