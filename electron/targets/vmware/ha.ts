import { FaultError } from '../../../shared/fault.ts';
import { atMost } from '../at-most.ts';
import { namesOf } from '../platforms/guest-words.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { element, value } from '../soap/write.ts';
import { type Cluster, dataOf, idsIn, listClusters } from './clusters.ts';
import { vimFaultError } from './faults.ts';
import { mayDo } from './privileges.ts';
import { runTask } from './tasks.ts';

/** Milliseconds of the clock: switching it on configures an agent on every host. */
const taskMs = 120_000;

/** Clusters at a time. */
const width = 4;

/**
 * High availability of the clusters of a vCenter: it would start guests elsewhere while their hosts go down. What was
 * switched off comes back on, and nothing else.
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.ComputeResource.html#reconfigureEx
 */
export const ha: SettingActs = {
  async read({ api, host }, left) {
    const clusters = await listClusters(api, host);
    if (left) return asBefore(clusters, idsIn(left));
    const on = clusters.filter((cluster) => cluster.ha);
    if (on.length === 0) return { on: false, seen: 'HA is on in no cluster' };
    return { on: true, seen: `HA is on in ${namesOf(on)}`, data: dataOf(on) };
  },
  async set(session, on, { before }) {
    const wanted = idsIn(before);
    const clusters = (await listClusters(session.api, session.host)).filter(
      (cluster) => cluster.ha !== on && (!on || wanted.has(cluster.ref.value)),
    );
    // One that cannot be changed now holds up no other.
    const failures = await atMost(width, clusters, (cluster) => switchHa(session, cluster, on).catch(faultOnly));
    const first = failures.find((failure) => failure !== null);
    if (first) throw first;
    return dataOf(clusters);
  },
  would: (on) =>
    `ReconfigureComputeResource_Task with dasConfig.enabled=${on} for every cluster ${on ? 'that this run switched it off in' : 'in which it is on'}`,
  maySet: (session) => mayDo(session, ['Host.Inventory.EditCluster']),
};

function faultOnly(error: unknown): FaultError {
  if (error instanceof FaultError) return error;
  throw error;
}

/** Those that are gone since are nobody's. */
function asBefore(clusters: readonly Cluster[], ids: ReadonlySet<string>): { on: boolean; seen: string } {
  const ours = clusters.filter((cluster) => ids.has(cluster.ref.value));
  if (ours.length === 0) return { on: true, seen: 'this run has switched HA off in no cluster' };
  const off = ours.filter((cluster) => !cluster.ha);
  if (off.length === 0) return { on: true, seen: `HA is on in ${namesOf(ours)}` };
  return { on: false, seen: `HA is off in ${namesOf(off)}` };
}

async function switchHa(session: Session, cluster: Cluster, on: boolean): Promise<null> {
  const doing = `switching HA ${on ? 'on' : 'off'} in ${cluster.name}`;
  const remedy = 'Look at the cluster in the vSphere Client.';
  const end = await runTask(
    session,
    {
      method: 'ReconfigureComputeResource_Task',
      self: cluster.ref,
      content: [
        element('spec', [element('dasConfig', [value('enabled', on)])], 'ClusterConfigSpecEx'),
        // What the specification does not say stays as it is.
        value('modify', true),
      ],
      doing,
      remedy,
    },
    taskMs,
  );
  if (end.state === 'error') throw vimFaultError(session.host, doing, end.fault, remedy);
  return null;
}
