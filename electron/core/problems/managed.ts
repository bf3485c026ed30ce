import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import { missingFor } from './access.ts';
import type { Places } from './places.ts';
import { error, warning, whole } from './problem.ts';

/** What manages the plan's hosts: whether it can be used, and what cannot be done without it. */
export function managedProblems(places: Places, secretIds: ReadonlySet<string>): Problem[] {
  return [
    ...places.targets.flatMap((host) => unusable(host, places.hosts, secretIds)),
    ...nothingMoves(places, secretIds),
  ];
}

/** What can be is then done at the host itself, so it is no error. */
function unusable(host: Host, hosts: ReadonlyMap<string, Host>, secretIds: ReadonlySet<string>): Problem[] {
  const { name, managedBy } = host;
  if (managedBy === undefined) return [];
  const manager = hosts.get(managedBy);
  if (!manager) {
    const what = `${name} is said to be managed by "${managedBy}", which is no host`;
    return [warning(whole, what, 'Choose under Setup what manages it.')];
  }
  if (platforms[host.kind].migrates && manager.kind !== 'vcenter') {
    const what = `${name} is said to be managed by ${manager.name}, which is no vCenter`;
    return [warning(whole, what, 'Choose its vCenter under Setup, or none.')];
  }
  return missingFor(manager, secretIds).map(({ what, remedy }) =>
    warning(whole, `${what}: it manages ${name}, and what is done through it is not done`, remedy),
  );
}

/** Only a vCenter moves guests that run. */
function nothingMoves({ down, hosts }: Places, secretIds: ReadonlySet<string>): Problem[] {
  return down.flatMap(({ step, host, place }) => {
    if (step.kind !== 'migrate-guests' || host === null) return [];
    const vcenter = hosts.get(host.managedBy ?? '');
    if (vcenter?.kind === 'vcenter')
      return missingFor(vcenter, secretIds).map(({ what, remedy }) => error(place, what, remedy));
    const what = `No vCenter manages ${host.name}, and only a vCenter moves guests that run`;
    return [
      error(place, what, 'Add the vCenter under Setup and choose it as what manages the host, or remove the step.'),
    ];
  });
}
