import { hostFault } from '../host-fault.ts';
import { namesOf } from '../platforms/guest-words.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { element, type Ref, value } from '../soap/write.ts';
import { textAt } from '../soap/xml.ts';
import { type Cluster, dataOf, idsIn, listClusters } from './clusters.ts';
import { orFault } from './faults.ts';
import { mayDo } from './privileges.ts';
import { isVcls, listVms } from './vms.ts';

const byHand = 'Look at the advanced settings of the vCenter: config.vcls.clusters.';

const keyOf = (cluster: string): string => `config.vcls.clusters.${cluster}.enabled`;

/**
 * The agent VMs of a vCenter's clusters (vCLS). They come back when they are switched off; in retreat mode the vCenter
 * takes them away, which it looks after every 30 s. The proof is that none of them is on; on the way back it is the
 * setting, as they come when there are hosts for them.
 * @see https://knowledge.broadcom.com/external/article/316514
 */
export const vcls: SettingActs = {
  async read(session, left) {
    if (left) return asBefore(session, idsIn(left));
    const on = (await listVms(session.api, session.host)).filter((vm) => isVcls(vm) && vm.on);
    if (on.length === 0) return { on: false, seen: 'no vCLS VM is on' };
    return { on: true, seen: `${on.length} vCLS VMs on`, data: dataOf(await notRetreated(session)) };
  },
  async set(session, on, { before }) {
    const wanted = idsIn(before);
    const clusters = on
      ? (await listClusters(session.api, session.host)).filter(({ ref }) => wanted.has(ref.value))
      : await notRetreated(session);
    for (const { ref } of clusters) await setEnabled(session, ref.value, on);
    return dataOf(clusters);
  },
  would: (on) =>
    `set config.vcls.clusters.ID.enabled to ${on} for every cluster ${on ? 'that this run set it for' : '(their vCLS VMs are gone within a minute)'}`,
  maySet: (session) => mayDo(session, ['Global.Settings']),
};

async function asBefore(session: Session, ids: ReadonlySet<string>): Promise<{ on: boolean; seen: string }> {
  const ours = (await listClusters(session.api, session.host)).filter(({ ref }) => ids.has(ref.value));
  if (ours.length === 0) return { on: true, seen: 'this run has retreated vCLS in no cluster' };
  const off: Cluster[] = [];
  for (const cluster of ours) if ((await enabled(session, cluster.ref.value)) === 'false') off.push(cluster);
  if (off.length === 0) return { on: true, seen: `vCLS is on in ${namesOf(ours)}` };
  return { on: false, seen: `vCLS is off in ${namesOf(off)}` };
}

/** The clusters that are not in retreat mode: what is to be restored. */
async function notRetreated(session: Session): Promise<Cluster[]> {
  const clusters = await listClusters(session.api, session.host);
  const states: (string | null)[] = [];
  for (const { ref } of clusters) states.push(await enabled(session, ref.value));
  return clusters.filter((_, at) => states[at] !== 'false');
}

async function settings({ api, host }: Session): Promise<Ref> {
  const { setting } = await api.content();
  if (setting) return setting;
  throw hostFault(host, 'unexpected-answer', 'it has no settings', 'Look whether this is a vCenter.');
}

/** What the setting says; null: it was never set, which means on. */
async function enabled(session: Session, cluster: string): Promise<string | null> {
  const { api, host } = session;
  const key = keyOf(cluster);
  const answer = await api.call('QueryOptions', await settings(session), [value('name', key)]);
  if (answer.fault?.type === 'InvalidName') return null;
  const { returned } = orFault(host, 'asking for the vCLS settings', answer, byHand);
  const option = returned.find((one) => textAt(one, 'key') === key);
  return option ? (textAt(option, 'value') ?? '').toLowerCase() : null;
}

async function setEnabled(session: Session, cluster: string, on: boolean): Promise<void> {
  const { api, host } = session;
  const option = element(
    'changedValue',
    [value('key', keyOf(cluster)), `<value xsi:type="xsd:string">${on}</value>`],
    'OptionValue',
  );
  const answer = await api.call('UpdateOptions', await settings(session), [option]);
  orFault(host, `switching vCLS ${on ? 'on' : 'off'}`, answer, byHand);
}
