import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, type PlanEdit } from '../../renderer/plan/edits.ts';
import {
  addGroup,
  areNames,
  type GuestsStep,
  moveGroup,
  namesOf,
  removeGroup,
  withGuests,
} from '../../renderer/plan/guest-groups.ts';
import { makeStep } from '../../renderer/plan/new-step.ts';
import { isParameterName, isParameterText, parameterOf } from '../../renderer/plan/parameters.ts';
import { scopeSentence, shedSentence, withShed } from '../../renderer/plan/plan-settings.ts';
import { stageNotes, stepNotes } from '../../renderer/plan/step-notes.ts';
import { findStep, stepTitle } from '../../renderer/plan/step-words.ts';
import { membersWords, targetOptions } from '../../renderer/plan/targets.ts';
import { triggerSentence } from '../../renderer/plan/triggers.tsx';
import { parameterName, parameterValue } from '../../shared/condition.ts';
import { type Step, type StepKind, sequenceSchema, stepSchema } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Triggers } from '../../shared/triggers.ts';
import { groupedHosts, groupedPlan } from '../fakes/window/grouped.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { sequence } from '../fakes/window/plan.ts';

const edit = (change: PlanEdit) => applyEdit(sequence, change, hosts);

describe('the plan as a whole', () => {
  it('takes the settings of a stage, and leaves its steps and its name', () => {
    const stage = sequence.stages[1];
    if (!stage) throw new Error('the plan has no second stage');
    const { sequence: next, sentence } = edit({
      type: 'change-stage',
      stage: { ...stage, name: 'x', steps: [], parallel: 2, onFailure: 'stop', when: [{ is: 'beyond-tolerance' }] },
    });
    expect(next.stages[1]).toEqual({ ...stage, parallel: 2, onFailure: 'stop', when: [{ is: 'beyond-tolerance' }] });
    expect(stageNotes(next.stages[1] ?? stage)).toEqual([
      '2 at once',
      'if beyond tolerance',
      'stops the run if a step fails',
    ]);
    expect(sentence).toBe('Changed Hypervisors.');
  });

  it('says for whom it is and what it gives up, in the order in which it does', () => {
    const { sequence: next } = edit({
      type: 'settings',
      settings: { scope: 'critical', faultTolerance: { level: 1, beyond: 'all' }, shed: ['force', 'skip-optional'] },
    });
    expect(sequenceSchema.safeParse(next).success).toBe(true);
    expect(scopeSentence(next)).toBe(
      'only the hosts that lose their power, and what depends on them; 1 UPS may fail; for the whole rack when more have failed.',
    );
    expect(shedSentence(next.shed)).toBe(
      'force off at once the guests that may be forced, then leave out optional steps.',
    );
    expect(withShed(withShed(next.shed, 'force', false), 'force', true)).toEqual(['skip-optional', 'force']);
  });

  it('says every trigger that is switched on, and when there is none', () => {
    const off = { ...sequence.triggers };
    for (const key of ['runtime', 'charge', 'onBattery', 'lowBattery', 'forced', 'silent'] as const) {
      Object.assign(off, { [key]: { ...off[key], enabled: false } });
    }
    const sentence = (change: Partial<Triggers>) => triggerSentence({ ...off, ...change }).replaceAll('\u00a0', ' ');
    // Core starts by the runtime that is counted down then, whatever is switched off (signs.ts).
    const still =
      'the runtime left of a UPS that is silent on battery, or whose charge stands still there, falls to 1.25 × what the plan needs (3 min at least)';
    expect(sentence({})).toBe(`only by hand, or when ${still}.`);
    expect(sentence({ forced: { enabled: true } })).toBe(
      `when a UPS server tells everybody to shut down, or ${still}.`,
    );
    expect(sentence({ forced: { enabled: true }, silent: { enabled: true, seconds: 15 } })).toBe(
      `when it falls silent on battery, a UPS server tells everybody to shut down, or ${still}.`,
    );
    expect(sentence({ runtime: { ...off.runtime, enabled: true } })).toBe(
      'when the runtime left falls to 1.25 × what the plan needs (3 min at least).',
    );
  });
});

describe('targets', () => {
  const labels = (kind: StepKind, target: string) =>
    targetOptions(kind, target, groupedHosts).map(({ label }) => label);

  it('offers the fitting hosts, their tags, all, and those that lose their power', () => {
    expect(labels('shut-down-guests', 'esx-1')).toEqual([
      'esx-1 (ESXi over SSH)',
      'esx-2 (ESXi over SSH)',
      'Tagged hypervisors (2 hosts)',
      'All hosts',
      'Hosts that lose their power',
    ]);
  });

  it('keeps a target in sight that is not there', () => {
    expect(labels('wake', 'gone')[0]).toBe('gone: no such host');
    expect(labels('wake', 'tag:gone')[0]).toBe('hosts tagged gone: there are none');
  });

  it('says which hosts a group is now', () => {
    expect(membersWords('wake', 'tag:storage', groupedHosts)).toBe('Now backup-1, nas-1.');
    expect(membersWords('shut-down-guests', 'tag:storage', groupedHosts)).toBe('No host now.');
    expect(membersWords('wake', 'nas-1', groupedHosts)).toBeNull();
  });
});

describe('what is not as usual', () => {
  it('stands in short words in its row', () => {
    const notes = (id: string) => stepNotes(findStep(groupedPlan, id) ?? makeStep('wait', '', 'x'));
    expect(notes('guests')).toEqual(['one by one', 'all but vcenter', '2 groups']);
    expect(notes('lab')).toEqual(['waits 30\u00a0s first', 'optional']);
    expect(notes('tell')).toEqual(['if drill is false']);
    expect(notes('off-rest')).toEqual(['one by one', 'if 2 UPSes failed', 'stops the run if it fails']);
    // One host alone cannot go one by one.
    expect(stepNotes({ ...makeStep('wake', 'nas-1', 'x'), each: 'one-by-one' } as Step)).toEqual([]);
    const always = { ...makeStep('command', 'nas-1', 'x'), always: true } as Step;
    expect(stepNotes(always)).toEqual(['also where the power stays']);
  });

  it('is not said of a step with its defaults', () => {
    for (const kind of Object.keys(stepKinds) as StepKind[])
      expect(stepNotes(makeStep(kind, 'esx-1', 'x'))).toEqual([]);
  });

  it('tells some guests apart from all of them', () => {
    const guests = makeStep('shut-down-guests', 'esx-1', 'x') as GuestsStep;
    const only = (names: string[]) => stepTitle({ ...guests, guests: { only: names } }, hosts);
    expect(only(['db-1', 'db-2'])).toBe('Shut down 2 guests on esx-1');
    expect(only(['db-1'])).toBe('Shut down guest db-1 on esx-1');
  });
});

describe('groups of guests', () => {
  const step = makeStep('shut-down-guests', 'esx-1', 'x') as GuestsStep;
  const valid = (of: GuestsStep) => stepSchema.safeParse(of).success;

  it('are added with a name that is free, moved, and removed; the step stays valid', () => {
    const two = addGroup(addGroup(step, ['db-1']), ['ldap']);
    expect(two.groups.map((group) => group.name)).toEqual(['Group 1', 'Group 2']);
    const swapped = moveGroup(two, 0, 1);
    expect(swapped.groups.map((group) => group.name)).toEqual(['Group 2', 'Group 1']);
    expect(moveGroup(two, 1, 1).groups).toBe(two.groups);
    expect(addGroup(removeGroup(two, 0), ['web']).groups.map((group) => group.name)).toEqual(['Group 2', 'Group 3']);
    expect([two, swapped, addGroup(step, [])].every(valid)).toBe(true);
  });

  it('are those of guests that come up as well', () => {
    const up = makeStep('start-guests', 'esx-1', 'up') as Extract<Step, { kind: 'start-guests' }>;
    const two = moveGroup(addGroup(addGroup(up, ['db-1']), ['ldap']), 1, -1);
    expect(two).toEqual({
      ...up,
      groups: [
        { name: 'Group 2', guests: ['ldap'] },
        { name: 'Group 1', guests: ['db-1'] },
      ],
    });
    expect(stepSchema.parse(two)).toEqual(two);
  });

  it('are as many as the file takes, and no more', () => {
    let full = step;
    for (let count = 0; count < 20; count += 1) full = addGroup(full, [`vm-${count}`]);
    expect(full.groups).toHaveLength(8);
    expect(valid(full)).toBe(true);
  });

  it('take names line by line, none twice', () => {
    expect(namesOf(' db-1 \n\n web, old\ndb-1')).toEqual(['db-1', 'web, old']);
    expect(areNames(' \n')).toBe(false);
    expect(areNames('x'.repeat(101))).toBe(false);
  });

  it('leave no empty list of guests behind', () => {
    const some = withGuests(step, { only: ['db-1'] });
    expect('guests' in withGuests(some, null)).toBe(false);
    expect(valid(some)).toBe(true);
  });
});

describe('parameters', () => {
  it('are what the schema takes, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 220 }), (text) => {
        expect(isParameterName(text)).toBe(parameterName.safeParse(text).success);
        if (isParameterText(text)) expect(parameterValue.safeParse(parameterOf(text)).success).toBe(true);
        else expect(parameterValue.safeParse(text.trim()).success).toBe(false);
      }),
    );
  });

  it('are read as they look, and written back the same', () => {
    expect(['true', '5', '1.5', '007', '', 'cellar', ' x '].map(parameterOf)).toEqual([
      true,
      5,
      1.5,
      '007',
      '',
      'cellar',
      'x',
    ]);
  });
});
