import { expect, it } from 'vitest';
import type { StepContext } from '../../electron/core/ports.ts';
import type { StepData } from '../../shared/run-record.ts';
import { type SettingStep, settingSteps } from '../../shared/setting-steps.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { describeMachines, entered, onlyLooked, type PlatformCase, shortly, up } from './platform-kit.ts';
import { faultOf } from './targets-kit.ts';

export interface SettingCase extends Pick<PlatformCase, 'kind' | 'title' | 'host'> {
  /** The step of the way down: `enter-maintenance`, `disable-ha` ... */
  away: SettingStep;
  /** A new machine that has it on or off; `refuse`: from now on it says no to being switched. */
  machine(on: boolean, after: After): { machine: MachineKind; isOn(): boolean; refuse(): void };
}

/** What is true of every setting of every platform: it is switched, read back, and switched back. Needs root. */
export function settingSuite(one: SettingCase): void {
  const { on: wanted, back } = settingSteps[one.away];

  const started = async (on: boolean) => {
    let [isOn, refuse] = [() => on, () => {}];
    const machine = (after: After): MachineKind => {
      const made = one.machine(on, after);
      [isOn, refuse] = [made.isOn, made.refuse];
      return made.machine;
    };
    const opened = await up({ kind: one.kind, machine, ...(one.host && { host: one.host }) });
    const { b, host } = opened;
    const step = (kind: SettingStep, earlier?: StepContext['earlier']) =>
      b.step({ kind, target: 'box' }, host, earlier);
    const probe = (context: StepContext) => b.meanwhile(b.actions(context).probe(context));
    const act = (context: StepContext) => b.meanwhile(b.actions(context).act(context));
    return { ...opened, isOn, refuse, step, probe, act };
  };

  describeMachines(`${one.away} of ${one.title ?? one.kind}`, () => {
    it('switches it, reads it back, and the way back switches it back', async () => {
      const { b, isOn, step, probe, act } = await started(!wanted);
      const there = step(one.away);
      const before = await probe(there);
      expect(before.state).toBe('not-done');
      const left: StepData = { ...('data' in before ? before.data : {}), ...(await act(there)) };
      expect((await b.prove(there, 120_000)).last.state).toBe('done');
      expect(isOn()).toBe(wanted);
      const home = step(back, [{ step: { ...there.step, id: 'before' }, data: left }]);
      expect((await probe(home)).state).toBe('not-done');
      await act(home);
      expect((await b.prove(home, 120_000)).last.state).toBe('done');
      expect(isOn()).toBe(!wanted);
    });

    it('has nothing to do where it is so already', async () => {
      const { isOn, step, probe } = await started(wanted);
      expect((await probe(step(one.away))).state).toBe('done');
      expect(isOn()).toBe(wanted);
    });

    it('is never proven where it was refused', async () => {
      const { b, isOn, refuse, step, act } = await started(!wanted);
      refuse();
      const context = step(one.away);
      expect(['command-failed', 'not-allowed', 'refused']).toContain((await faultOf(act(context))).code);
      expect((await b.prove(context, 20_000)).last.state).toBe('not-done');
      expect(isOn()).toBe(!wanted);
    });

    it.each([one.away, back])('is rehearsed by looking only: %s', async (kind) => {
      const made = await started(!wanted);
      expect(shortly(await made.check({ kind }))).toEqual([...entered, 'privilege: ready']);
      onlyLooked(made);
      expect(made.isOn()).toBe(!wanted);
    });
  });
}
