import type { Host } from '../../../shared/inventory.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { VsphereApi } from '../soap/api.ts';
import type { Ref } from '../soap/write.ts';
import { orUntold, propertiesOfAll } from './properties.ts';

export interface Cluster {
  ref: Ref;
  name: string;
  /** High availability is on. */
  ha: boolean;
}

/** Every cluster of a vCenter. @throws FaultError of `propertiesOfAll`, `orUntold` */
export async function listClusters(api: VsphereApi, host: Host): Promise<Cluster[]> {
  const paths = ['name', 'configuration.dasConfig.enabled'];
  return (await propertiesOfAll(api, host, 'ClusterComputeResource', paths)).map((found) => ({
    ref: found.ref,
    name: found.text('name') ?? found.ref.value,
    ha: orUntold(host, found, 'configuration.dasConfig.enabled') === 'true',
  }));
}

/** What it takes to bring clusters back as they were: as journals keep it. */
export const dataOf = (clusters: readonly Cluster[]): StepData => ({
  clusters: clusters.map(({ ref }) => ref.value),
  names: clusters.map(({ name }) => name),
});

/** The ids of the clusters that steps have left. */
export const idsIn = (left: readonly StepData[]): Set<string> =>
  new Set(left.flatMap(({ clusters }) => (Array.isArray(clusters) ? clusters.map(String) : [])));
