import { expect, it } from 'vitest';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import { FaultError } from '../../shared/fault.ts';
import { settingSteps } from '../../shared/setting-steps.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import type { GuestsCase } from './platform-guests-kit.ts';
import {
  byVisudo,
  changed,
  describeMachines,
  entered,
  onlyLooked,
  shortly,
  type UnderTest,
  up,
} from './platform-kit.ts';
import type { SettingCase } from './platform-settings-kit.ts';

interface Rights {
  /** What sudo must allow. */
  rule: string;
  /** A host that says no is heard; otherwise it is seen that nothing happens. */
  isHeard: boolean;
  /** It is begun and not waited for, so that a host that hangs holds nothing up; as a rule one that is not heard. */
  isApart?: boolean;
}

/** Something that a step does to a host, and that the host may not do. */
interface Deed extends Rights, Pick<UnderTest, 'kind' | 'host'> {
  title: string;
  /** A new machine; `isAsBefore`: nothing has happened to it. */
  machine(after: After): { machine: MachineKind; isAsBefore(): boolean };
  step: { kind: string };
}

/** What is true of the guests of every platform whose host does not do what it is told. Needs root. */
export function guestFaultsSuite({ machine, title, ...one }: GuestsCase & Rights): void {
  faultsSuite({
    ...one,
    title: `the guests of ${title ?? one.kind}`,
    machine(after) {
      const all = ['dc', 'web'].map((name) => ({ name, on: true, hasAgent: true, stopsAfterMs: 15_000 }));
      const made = machine(all, after);
      return { machine: made.machine, isAsBefore: () => made.on().sort().join() === 'dc,web' };
    },
    step: { kind: 'shut-down-guests' },
  });
}

/** What is true of the settings of every platform whose host does not do what it is told. Needs root. */
export function settingFaultsSuite({ machine, away, title, ...one }: SettingCase & Rights): void {
  const { on } = settingSteps[away];
  faultsSuite({
    ...one,
    title: `${away} of ${title ?? one.kind}`,
    machine(after) {
      const made = machine(!on, after);
      return { machine: made.machine, isAsBefore: () => made.isOn() !== on };
    },
    step: { kind: away },
  });
}

const gone = ['unreachable', 'dead-peer', 'limit-reached'];

/** The code of the fault that it ended with; null: it was taken. */
const outcome = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof FaultError) return error.fault.code;
      throw error;
    },
  );

const asUps = { user: 'ups', sudo: true };

function faultsSuite(deed: Deed): void {
  const { kind, host, rule, isHeard, isApart = !isHeard } = deed;

  const started = async (given?: Parameters<typeof up>[1], open = up) => {
    let isAsBefore = (): boolean => true;
    const machine = (after: After): MachineKind => {
      const made = deed.machine(after);
      isAsBefore = made.isAsBefore;
      return made.machine;
    };
    const made = await open({ kind, machine, ...(host && { host }) }, given);
    const step = () => made.b.step({ target: 'box', ...deed.step }, made.host);
    return {
      ...made,
      isAsBefore: () => isAsBefore(),
      step,
      act: (context = step()) => made.b.meanwhile(made.b.actions(context).act(context)),
      probe: (context = step()) => made.b.actions(context).probe(context),
      rehearse: () => made.check(deed.step),
    };
  };

  describeMachines(`${deed.title}, when things go wrong`, () => {
    it('that are refused are never proven', async () => {
      const { b, step, act, isAsBefore } = await started({ fault: 'refuses' });
      const context = step();
      expect(await outcome(act(context))).toBe(isHeard ? 'command-failed' : null);
      expect((await b.prove(context, 60_000)).last.state).toBe('not-done');
      expect(isAsBefore()).toBe(true);
    });

    it('on a host that lies are never proven', async () => {
      const { b, step, act, isAsBefore } = await started({ fault: 'lies' });
      const context = step();
      await act(context);
      expect((await b.prove(context, 60_000)).last.state).not.toBe('done');
      expect(isAsBefore()).toBe(true);
    });

    it('on a host that hangs last up to the limit of the step, and are never proven', async () => {
      const { b, step, sent, isAsBefore } = await started({ fault: 'hangs' });
      const context = step();
      const acting = outcome(b.actions(context).act(context));
      await expect.poll(() => sent().some((text) => !isHarmless(text))).toBe(true);
      if (!isApart) context.abort();
      expect(await acting).toBe(isApart ? null : 'limit-reached');
      expect((await b.prove(step(), 20_000)).last.state).toBe('not-done');
      expect(isAsBefore()).toBe(true);
    });

    it.each(['fin', 'rst', 'silence'] as const)('on a host that dies by %s cannot be told', async (fault) => {
      const { b, machine, step, probe } = await started({ fault });
      const context = step();
      const acting = outcome(b.actions(context).act(context));
      await expect.poll(() => machine.state).toBe('off');
      context.abort();
      expect([null, ...gone]).toContain(await acting);
      const next = step();
      const looking = probe(next);
      // Nobody ends that session: only the step's limit does.
      if (fault === 'silence') next.abort();
      const seen = await looking;
      expect(seen.state === 'unknown' ? gone : []).toContain(seen.state === 'unknown' && seen.fault.code);
    });

    it('without the right are refused, cannot be told, and fail in a rehearsal', async () => {
      const made = await started({ host: { user: 'ups' } });
      expect(['command-failed', 'not-allowed']).toContain(await outcome(made.act()));
      expect((await made.probe()).state).toBe('unknown');
      expect((await made.rehearse()).map(({ verdict }) => verdict)).toContain('fails');
      expect(made.isAsBefore()).toBe(true);
    });

    it('without a rule for sudo are refused, and a rehearsal says which to add', async () => {
      const made = await started({ host: asUps });
      expect(await outcome(made.act())).toBe('not-allowed');
      const fault = (await made.rehearse()).find(({ what }) => what === 'privilege')?.fault;
      expect(fault).toMatchObject({ code: 'not-allowed', remedy: expect.stringContaining(byVisudo(rule)) });
      expect(made.isAsBefore()).toBe(true);
    });

    it('by a user whom sudo lets are done', async () => {
      const { b, step, act, isAsBefore } = await started({ host: asUps, sudo: [rule] });
      const context = step();
      await act(context);
      expect((await b.prove(context, 120_000)).last.state).toBe('done');
      expect(isAsBefore()).toBe(false);
    });

    it('by a user whom sudo lets are ready in a rehearsal that only looks', async () => {
      const made = await started({ host: asUps, sudo: [rule] });
      expect(shortly(await made.rehearse()).slice(0, 4)).toEqual([...entered, 'privilege: ready']);
      onlyLooked(made);
      expect(made.isAsBefore()).toBe(true);
    });

    it('on a host that knows another key than ours get nothing', async () => {
      const { act, sent } = await started({ publicKey: newSshKey().publicKey });
      expect(await outcome(act())).toBe('login-refused');
      expect(sent()).toEqual([]);
    });

    it('on a host with another key than the confirmed one get nothing', async () => {
      const { act, sent } = await started(undefined, changed);
      expect(await outcome(act())).toBe('host-key-changed');
      expect(sent()).toEqual([]);
    });
  });
}
