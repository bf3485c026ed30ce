import type { After } from '../after.ts';
import { type Result, result } from '../posix-shell.ts';
import { expanded } from './json-path.ts';
import type { Program, ScriptedMachine } from './machine.ts';

export interface FakeNode {
  name: string;
  addresses: readonly string[];
  cordoned: boolean;
  ready: boolean;
  /** Effects. */
  taints: readonly string[];
}

export interface FakePod {
  /** As in `shop/web-1`. */
  name: string;
  /** Empty: none is found for it. */
  node: string;
  phase: string;
  /** The kind of its controller; empty: it has none. */
  owner: string;
  /** Of a file on its node. */
  mirror: boolean;
  /** Milliseconds from its eviction to its end; null: a disruption budget forbids that. */
  stopsAfterMs: number | null;
}

export const node = (name: string, more: Partial<FakeNode> = {}): FakeNode => ({
  name,
  addresses: ['192.0.2.9', name],
  cordoned: false,
  ready: true,
  taints: [],
  ...more,
});

export const pod = (name: string, where: string, more: Partial<FakePod> = {}): FakePod => ({
  name,
  node: where,
  phase: 'Running',
  owner: 'ReplicaSet',
  mirror: false,
  stopsAfterMs: 10_000,
  ...more,
});

/**
 * kubectl's command line with a cluster behind it. What it prints, and its exit codes, are those of kubectl 1.32.4; what
 * it says to those who may not is made up.
 * @see https://kubernetes.io/docs/reference/kubectl/generated/ (get, auth can-i, cordon, uncordon, drain)
 */
export class Cluster {
  readonly nodes: FakeNode[];
  pods: FakePod[];
  /** Its API server answers. */
  isUp = true;
  /** What the users of its kubeconfig may do besides looking. */
  readonly may = { patchNodes: true, evictPods: true };
  readonly #after: After;

  constructor(nodes: FakeNode[], pods: FakePod[], after: After) {
    this.nodes = nodes;
    this.pods = pods;
    this.#after = after;
  }

  podsOn(where: string): string[] {
    return this.pods.filter((one) => one.node === where).map(({ name }) => name);
  }

  /** Only root has a kubeconfig. */
  readonly program: Program = ({ args: [flag, patience, ...args], root }, machine) => {
    if (`${flag} ${patience}` !== '--request-timeout 10s') throw new Error(`it may wait for ever: ${args.join(' ')}`);
    if (!root) return refused('localhost:8080');
    if (!this.isUp) return refused('192.0.2.1:6443');
    const [verb, what = ''] = args;
    if (verb === 'get') return result(this.#get(args.slice(1)));
    if (verb === 'auth') return this.#canI(args.slice(2).join(' '));
    const found = this.nodes.find(({ name }) => name === what);
    if (!found) return no(`(NotFound): nodes "${what}" not found`);
    if (verb === 'cordon' || verb === 'uncordon')
      return this.#change(machine, `node/${what} ${verb}ed\n`, () => this.#cordon(found, verb === 'cordon'));
    if (verb === 'drain')
      return this.#change(machine, `node/${what} drained\n`, () => this.#drain(found, args.slice(2)));
    throw new Error(`not known here: ${args.join(' ')}`);
  };

  #get([what, ...words]: readonly string[]): string {
    if (what === 'nodes') return expanded(words[1] ?? '', this.nodes.map(nodeObject));
    const [all, , selector = '', , template = ''] = words;
    if (what !== 'pods' || all !== '-A') throw new Error(`not known here: get ${what} ${words.join(' ')}`);
    const where = selector.replace('spec.nodeName=', '');
    return expanded(template, this.pods.filter((one) => one.node === where).map(podObject));
  }

  #canI(asked: string): Result {
    const known: Record<string, boolean> = {
      'patch nodes': this.may.patchNodes,
      'create pods --subresource=eviction -A': this.may.evictPods,
    };
    return known[asked] ? result('yes\n') : result('no\n', 1);
  }

  #change(machine: ScriptedMachine, says: string, work: () => Result | Promise<Result>): Result | Promise<Result> {
    const refusal = no('(Forbidden): nodes is forbidden');
    return this.may.patchNodes ? machine.does(work, { says: result(says), refusal }) : refusal;
  }

  #cordon(one: FakeNode, on: boolean): Result {
    const word = on ? 'cordoned' : 'uncordoned';
    const already = one.cordoned === on ? 'already ' : '';
    one.cordoned = on;
    return result(`node/${one.name} ${already}${word}\n`);
  }

  async #drain(one: FakeNode, options: readonly string[]): Promise<Result> {
    const { stdout } = this.#cordon(one, true);
    const limit = Number(/--timeout (\d+)s/.exec(options.join(' '))?.[1] ?? Number.POSITIVE_INFINITY) * 1000;
    const mine = this.pods.filter((each) => each.node === one.name && !each.mirror);
    const daemons = mine.filter(({ owner }) => owner === 'DaemonSet');
    if (daemons.length > 0 && !options.includes('--ignore-daemonsets')) return no('DaemonSet-managed Pods', stdout);
    const alone = mine.filter(({ owner, phase }) => owner === '' && phase === 'Running');
    if (alone.length > 0 && !options.includes('--force'))
      return no('cannot delete Pods that declare no controller', stdout);
    const evicted = mine.filter((each) => !daemons.includes(each)).map((each) => this.#evict(each, limit));
    if ((await Promise.all(evicted)).every((isGone) => isGone)) return result(`${stdout}node/${one.name} drained\n`);
    return no(`unable to drain node "${one.name}" due to error: global timeout reached: ${limit / 1000}s`, stdout);
  }

  /** Its controller makes it anew where there is a place for it. */
  #evict(one: FakePod, limit: number): Promise<boolean> {
    const ends = one.stopsAfterMs ?? Number.POSITIVE_INFINITY;
    return new Promise((resolve) => {
      this.#after(Math.min(ends, limit), () => {
        if (ends > limit || !this.may.evictPods) return resolve(false);
        const place = this.nodes.find(({ cordoned, ready, taints }) => !cordoned && ready && taints.length === 0);
        this.pods = this.pods.filter((each) => each !== one);
        if (one.owner !== '' && one.phase === 'Running')
          this.pods.push({ ...one, name: `${one.name}-anew`, node: place?.name ?? '' });
        resolve(true);
      });
    });
  }
}

const no = (why: string, stdout = ''): Result => result(stdout, 1, `Error from server ${why}\n`);

const refused = (at: string): Result =>
  result('', 1, `The connection to the server ${at} was refused - did you specify the right host or port?\n`);

const nodeObject = ({ name, addresses, cordoned, ready, taints }: FakeNode) => ({
  metadata: { name },
  spec: {
    ...(cordoned && { unschedulable: true }),
    ...(taints.length > 0 && { taints: taints.map((effect) => ({ effect })) }),
  },
  status: {
    addresses: addresses.map((address) => ({ address })),
    conditions: [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status: ready ? 'True' : 'Unknown' },
    ],
  },
});

const podObject = ({ name, node: nodeName, phase, owner, mirror }: FakePod) => {
  const [namespace, own] = name.split('/');
  return {
    metadata: {
      namespace,
      name: own,
      ...(owner !== '' && { ownerReferences: [{ kind: owner, controller: true }] }),
      ...(mirror && { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
    },
    spec: { nodeName },
    status: { phase },
  };
};
