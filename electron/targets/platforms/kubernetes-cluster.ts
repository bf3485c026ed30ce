import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import { hostFault } from '../host-fault.ts';
import { quote } from '../ssh/quote.ts';
import type { Session } from './session.ts';
import { runTool, type Tool, toolOf } from './tool.ts';

/** k3s has its own in it. */
const names = ['kubectl', 'k3s kubectl'];

const config =
  'It takes ~/.kube/config of the user who runs it, with sudo of root: commands sent over SSH read no profile.';

/** A server that does not answer must not hold up more than the command: by itself kubectl waits for ever. */
const within = '--request-timeout 10s';

/** Of each node, one line, marked as ours: the whole of it is some 15 kB. */
const nodeLines =
  'jsonpath={range .items[*]}node|{.metadata.name}|{.spec.unschedulable}|{.status.conditions[?(@.type=="Ready")].status}|{.spec.taints[*].effect}|{.status.addresses[*].address}{"\\n"}{end}';

const podLines =
  'jsonpath={range .items[*]}pod|{.metadata.namespace}/{.metadata.name}|{.status.phase}|{.metadata.ownerReferences[?(@.controller==true)].kind}|{.metadata.annotations.kubernetes\\.io/config\\.mirror}{"\\n"}{end}';

/**
 * What is asked of a cluster, and what is told to it.
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/
 */
export const words = {
  nodes: `${within} get nodes -o ${quote(nodeLines)}`,
  pods: (node: string) =>
    `${within} get pods -A --field-selector spec.nodeName=${nodeName(node)} -o ${quote(podLines)}`,
  mayCordon: `${within} auth can-i patch nodes`,
  mayEvict: `${within} auth can-i create pods --subresource=eviction -A`,
  cordon: (node: string) => `${within} cordon ${nodeName(node)}`,
  uncordon: (node: string) => `${within} uncordon ${nodeName(node)}`,
  /** Never with `--force`: pods that nobody makes anew elsewhere would be lost, and would have come back with the node. */
  drain: (node: string, seconds: number) =>
    `${within} drain ${nodeName(node)} --ignore-daemonsets --delete-emptydir-data --timeout ${seconds}s`,
} as const;

/**
 * Nothing but a name of a node ever becomes part of a command.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (DNS subdomain names, RFC 1123)
 */
const nameForm = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

function nodeName(name: string): string {
  if (!nameForm.test(name)) throw new Error(`not a node's name: ${JSON.stringify(name.slice(0, 70))}`);
  return name;
}

export interface Node {
  name: string;
  isCordoned: boolean;
  /** Pods that tolerate nothing are started on it. */
  isOpen: boolean;
  addresses: readonly string[];
}

/** A pod that is in the way of its node: not over, and neither of the node itself nor of a daemon set. */
export interface Pod {
  name: string;
  /** Nothing would make it anew elsewhere. */
  isAlone: boolean;
}

/** Where kubectl is run for a node. */
export interface Control {
  session: Session;
  tool: Tool;
}

/**
 * The control plane that manages the node, or else the node itself.
 * @throws FaultError `reference-missing`, `command-failed`, those of `Session.run`
 */
export async function controlOf(session: Session): Promise<Control> {
  const { managedBy } = session.host;
  const control = managedBy === undefined ? session : session.other(managedBy);
  if (control === null || platforms[control.host.kind].by !== 'ssh') {
    const what = `what manages it (${managedBy}) is no host on which kubectl could be run`;
    throw hostFault(session.host, 'reference-missing', what, 'Choose a control plane of its cluster.');
  }
  return { session: control, tool: await toolOf(control, names, config) };
}

/** @throws FaultError `not-allowed`, `command-failed`, `unexpected-answer`, those of `Session.run` */
export async function listNodes({ session, tool }: Control): Promise<Node[]> {
  const printed = await runTool(session, tool, words.nodes, 'listing the nodes');
  return rows(printed, 'node').map((row) => {
    const [name = '', unschedulable, ready, taints, addresses] = row;
    if (row.length !== 5 || !nameForm.test(name)) throw unreadable(session, row);
    const isClosed = /\bNo(Schedule|Execute)\b/.test(taints ?? '');
    const isCordoned = unschedulable === 'true';
    const isOpen = ready === 'True' && !isCordoned && !isClosed;
    return { name, isCordoned, isOpen, addresses: (addresses ?? '').split(' ').filter((one) => one !== '') };
  });
}

/** @throws FaultError `not-allowed`, `command-failed`, `unexpected-answer`, those of `Session.run` */
export async function podsOn({ session, tool }: Control, node: string): Promise<Pod[]> {
  const printed = await runTool(session, tool, words.pods(node), `listing the pods of ${node}`);
  return rows(printed, 'pod').flatMap((row) => {
    const [name = '', phase = '', owner = '', mirror = ''] = row;
    if (row.length !== 4 || name === '') throw unreadable(session, row);
    const isOver = phase === 'Succeeded' || phase === 'Failed';
    return isOver || owner === 'DaemonSet' || mirror !== '' ? [] : [{ name, isAlone: owner === '' }];
  });
}

const rows = (printed: string, mark: string): string[][] =>
  printed
    .split('\n')
    .filter((line) => line.startsWith(`${mark}|`))
    .map((line) => line.split('|').slice(1));

const unreadable = ({ host }: Session, row: readonly string[]) =>
  hostFault(
    host,
    'unexpected-answer',
    `kubectl printed “${row.join('|').slice(0, 200)}”`,
    'Run it there by hand and look at what it says.',
  );

/**
 * The node that a host is: by its address, or else by its name.
 * @throws FaultError `reference-missing` when it is none of them, or may be several
 */
export function nodeOf(host: Host, nodes: readonly Node[]): Node {
  const found = nodesLike(host, nodes);
  const [node, ...more] = found;
  if (node && more.length === 0) return node;
  const list = (some: readonly Node[]): string =>
    some
      .map(({ name }) => name)
      .join(', ')
      .slice(0, 500);
  const what = node
    ? `it may be several nodes of its cluster: ${list(found)}`
    : `no node of its cluster has the address ${host.address} or the name ${host.name}; there are ${list(nodes)}`;
  throw hostFault(
    host,
    'reference-missing',
    what,
    'Give it the address that `kubectl get nodes -o wide` shows for it.',
  );
}

function nodesLike(host: Host, nodes: readonly Node[]): readonly Node[] {
  const address = host.address.toLowerCase();
  const byAddress = nodes.filter(
    ({ name, addresses }) => name === address || addresses.some((one) => one.toLowerCase() === address),
  );
  if (byAddress.length > 0) return byAddress;
  // Nodes are usually called by the first part of their host name.
  const [first = ''] = address.split('.');
  const called = new Set([host.name.toLowerCase(), host.id, ...(/[a-z]/.test(first) ? [first] : [])]);
  return nodes.filter(({ name }) => called.has(name));
}

/** Whether pods of a node that is emptied have somewhere to go: an open node of its cluster whose host keeps its power. */
export function hasRefuge(host: Host, node: Node, nodes: readonly Node[], spared: readonly Host[]): boolean {
  const beside = spared.filter((other) => other.kind === 'kubernetes' && areOneCluster(host, other));
  return beside.flatMap((other) => nodesLike(other, nodes)).some(({ name, isOpen }) => isOpen && name !== node.name);
}

/** As far as the inventory says: a node of another cluster may have the same name. */
const areOneCluster = (one: Host, other: Host): boolean =>
  one.managedBy === other.managedBy || one.managedBy === other.id || one.id === other.managedBy;
