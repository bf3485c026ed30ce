import type { Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { count } from '../../../shared/words.ts';
import { CannotTell } from '../checks/check.ts';
import { mayRun } from '../checks/privilege.ts';
import { hostFault } from '../host-fault.ts';
import { tellOnce } from '../vmware/tell-once.ts';
import { keptOf, wasBefore } from './before.ts';
import { namesOf } from './guest-words.ts';
import {
  type Control,
  controlOf,
  hasRefuge,
  listNodes,
  type Node,
  nodeOf,
  type Pod,
  podsOn,
  words,
} from './kubernetes-cluster.ts';
import { linux } from './linux.ts';
import type { Platform, SettingActs } from './platform.ts';
import type { Session } from './session.ts';
import { patiently, runTool } from './tool.ts';

/** Seconds by which kubectl ends before the step does, so that it says itself what is left. */
const spareSeconds = 5;

interface Seen {
  control: Control;
  node: Node;
  /** Those that are to go elsewhere; null: there is nowhere to go, and they stay. */
  pods: Pod[] | null;
}

/** @throws FaultError `reference-missing`, and those of `listNodes` and `podsOn` */
async function look(session: Session, control: Control): Promise<Seen> {
  const nodes = await listNodes(control);
  const node = nodeOf(session.host, nodes);
  const pods = hasRefuge(session.host, node, nodes, session.spared()) ? await podsOn(control, node.name) : null;
  return { control, node, pods };
}

/**
 * A node in maintenance is cordoned, and emptied too as long as a node of its cluster keeps its power. When all of them
 * go down there is nowhere to go: draining would last for ever, and the pods come back with their nodes.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
 */
const maintenance: SettingActs = {
  async read(session, left = []) {
    const { node, pods } = await look(session, await controlOf(session));
    const { name, isCordoned } = node;
    if (!isCordoned) return { on: false, seen: `${name} takes pods`, data: keptOf(false) };
    if (wasBefore(left)) return { on: 'either', seen: `${name} is cordoned, as it was before` };
    if (pods === null) return { on: true, seen: `${name} is cordoned` };
    const seen = `${name} is cordoned, ${count(pods.length, 'pod')} on it${pods.length > 0 ? `: ${namesOf(pods)}` : ''}`;
    return { on: pods.length === 0 ? true : 'between', seen, data: keptOf(true) };
  },
  async set(session, on, { step, before }) {
    const control = await controlOf(session);
    const seen = await patiently(session, 'the cluster', () => look(session, control));
    if (on) await enter(session, seen, step);
    else if (!wasBefore(before)) await tell(seen, words.uncordon(seen.node.name), 'uncordoning');
    return {};
  },
  would: (on) => (on ? 'kubectl cordon, and kubectl drain while another node keeps its power' : 'kubectl uncordon'),
  async maySet(session, on, step) {
    const control = await controlOf(session);
    const { node } = await look(session, control);
    await may(control, words.mayCordon, on ? 'cordon nodes' : 'uncordon nodes');
    if (on) await may(control, words.mayEvict, 'evict pods');
    const { host } = control.session;
    if (host.sudo) await sudoMay(control, node, on, step);
    if (on) await refuseIfAlone(control, node);
    return `${host.user} may do so on ${host.name}; ${node.name} is ${node.isCordoned ? 'cordoned' : 'not cordoned'}`;
  },
};

const secondsOf = (step: Step): number => Math.max(1, (step.limit ?? stepKinds[step.kind].limit) - spareSeconds);

const tell = ({ control, node }: Seen, what: string, doing: string, limitMs?: number): Promise<string> =>
  runTool(control.session, control.tool, what, `${doing} ${node.name}`, limitMs);

async function enter(session: Session, seen: Seen, step: Step): Promise<void> {
  const { node, pods } = seen;
  await tell(seen, words.cordon(node.name), 'cordoning');
  if (pods === null) {
    tellOnce(session, `${node.name} is only cordoned: no other node keeps its power, so its pods have nowhere to go`);
    return;
  }
  const alone = pods.filter(({ isAlone }) => isAlone);
  if (alone.length > 0) {
    const remedy = 'Give them a controller, as a Deployment. They go down with the node, and come back with it.';
    throw hostFault(session.host, 'refused', `cordoned and not drained: ${noController(alone)}`, remedy);
  }
  const seconds = secondsOf(step);
  await tell(seen, words.drain(node.name, seconds), 'draining', (seconds + spareSeconds) * 1000);
}

const noController = (pods: readonly Pod[]): string =>
  `${count(pods.length, 'pod')} on it ${pods.length === 1 ? 'has' : 'have'} no controller and would be lost: ${namesOf(pods)}`;

async function sudoMay({ session, tool }: Control, { name }: Node, on: boolean, step: Step): Promise<void> {
  const all = on ? [words.cordon(name), words.drain(name, secondsOf(step))] : [words.uncordon(name)];
  for (const one of all) await mayRun(session, `${tool.command} ${one}`);
}

/** Whether it will be drained, and not only cordoned, is not known before the run. */
async function refuseIfAlone(control: Control, { name }: Node): Promise<void> {
  const alone = (await podsOn(control, name)).filter(({ isAlone }) => isAlone);
  if (alone.length > 0) throw new CannotTell(`${name} would be cordoned and not drained: ${noController(alone)}`);
}

async function may({ session, tool }: Control, asked: string, what: string): Promise<void> {
  const { code } = await session.run(`${tool.command} ${asked}`);
  if (code === 0) return;
  const { host } = session;
  const remedy = `Let another user sign in there, or give that of ${host.user}'s kubeconfig the right.`;
  throw hostFault(host, 'not-allowed', `the cluster does not let ${host.user} ${what}`, remedy);
}

/** Linux that is a node of a cluster. Its pods go down with it: the kubelet stops them when the host powers off. */
export const kubernetes: Platform = {
  ...linux,
  settings: { maintenance },
  harmless: [
    ...linux.harmless,
    /^(sudo -n )?(\/[\w./+-]*\/)?(kubectl|k3s kubectl) --request-timeout 10s (get nodes -o '[^']*'|get pods -A --field-selector spec\.nodeName=[a-z0-9.-]+ -o '[^']*'|auth can-i patch nodes|auth can-i create pods --subresource=eviction -A)$/,
  ],
};
