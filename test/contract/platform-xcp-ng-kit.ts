import type { StepData } from '../../shared/run-record.ts';
import { settingSteps } from '../../shared/setting-steps.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { type XcpPool, xcpMachine } from '../fakes/machine/xe.ts';
import { mac, up } from './platform-kit.ts';

export const xe = '/opt/xensource/bin/xe';

/** Of a refusal that does not pass. */
export const always = Number.POSITIVE_INFINITY;

export const machineOf = (pool: XcpPool, after: After): MachineKind => {
  const made = xcpMachine(pool, after);
  return { ...made, files: { ...made.files, '/sys/class/net/eth0/address': `${mac}\n` } };
};

/** A host of a pool with a bench, and steps aimed at it. */
export const having = async (pool: XcpPool, given: Parameters<typeof up>[1] = {}) => {
  const made = await up({ kind: 'xcp-ng', machine: (after) => machineOf(pool, after) }, given);
  const { b, host } = made;
  const off = () => {
    const context = made.step();
    return b.meanwhile(b.actions(context).act(context));
  };
  return { ...made, off, at: (kind: string, data?: StepData) => at(kind, data) };

  function at(kind: string, data?: StepData) {
    const back = kind in settingSteps ? settingSteps[kind as keyof typeof settingSteps].back : 'shut-down-guests';
    const earlier = b.step({ kind: back, target: 'box' }, host).step;
    const context = b.step({ kind, target: 'box' }, host, data ? [{ step: { ...earlier, id: 'earlier' }, data }] : []);
    const actions = b.actions(context);
    return {
      context,
      probe: () => b.meanwhile(actions.probe(context)),
      act: () => b.meanwhile(actions.act(context)),
    };
  }
};
