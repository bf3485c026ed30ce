import type { StepData } from '../../shared/run-record.ts';
import type { After } from '../fakes/after.ts';
import { ProxmoxNode, type ProxmoxState } from '../fakes/machine-programs/proxmox.ts';
import { result } from '../fakes/posix-shell.ts';
import { up } from './platform-kit.ts';

/** What its programs say when they do not want to. */
export const no = result('', 255, 'no, not now\n');

type Given = Parameters<typeof up>[1];

/** A node with a bench, and steps aimed at it. */
export async function proxmox(state: Partial<ProxmoxState>, given: Given = {}) {
  let node = new ProxmoxNode(() => () => {});
  const machine = (after: After) => {
    node = new ProxmoxNode(after, state);
    return node.machine();
  };
  const made = await up({ kind: 'proxmox', machine }, given);
  const { b, host } = made;
  const step = (one: Record<string, unknown>, before: Array<[Record<string, unknown>, StepData]> = []) => {
    const earlier = before.map(([each, data], at) => ({
      step: b.step({ id: `before-${at}`, target: 'box', ...each }, host).step,
      data,
    }));
    return b.step({ target: 'box', ...one }, host, earlier);
  };
  type Context = ReturnType<typeof step>;
  const act = (context: Context) => b.meanwhile(b.actions(context).act(context));
  const probe = (context: Context) => b.meanwhile(b.actions(context).probe(context));
  const prove = async (context: Context, ms: number) => (await b.prove(context, ms)).last;
  /** What was told to change something. */
  const orders = () =>
    made.machine.ranAsRoot.filter((line) => !/^\/usr\/bin\/pvesh get|qm guest cmd| osd dump /.test(line));
  return { ...made, node, step, act, probe, prove, orders };
}

export const down = { kind: 'shut-down-guests' };
export const start = { kind: 'start-guests' };
