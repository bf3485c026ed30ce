import { describe, expect, it } from 'vitest';
import { stepNotes } from '../../renderer/plan/step-notes.ts';
import { stepTitle } from '../../renderer/plan/step-words.ts';
import { newGuestsOf } from '../../renderer/rehearsal/new-guests.tsx';
import { checkLabel } from '../../renderer/rehearsal/verdict-words.ts';
import { guestStepsOf, guestsNote } from '../../renderer/runs/guest-words.ts';
import { skipConsequences } from '../../renderer/runs/skip-words.ts';
import { upsOffsOf } from '../../renderer/runs/ups-countdown.tsx';
import { applyRecord, type RunView, type StepView } from '../../shared/run.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { rehearsal } from '../fakes/window/rehearsals.ts';
import { groupsPlan, runTurningOff } from '../fakes/window/turning-off.ts';

const notes = (run: RunView, plan = groupsPlan as typeof groupsPlan | null) =>
  run.sequence.stages.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const view = run.steps[step.id];
      return view && step.kind === 'shut-down-guests' ? [guestsNote(step, view, guestStepsOf(plan))] : [];
    }),
  );

describe('the guests of a run', () => {
  it('are told by group, with those that were found on', () => {
    expect(notes(runTurningOff())).toEqual(['In no group: build-1, test-1', 'Low: web-1, web-2', 'Databases: db-1']);
  });

  it('are told without a group when the plan of now has another one, or is gone', () => {
    const edited: typeof groupsPlan = {
      ...groupsPlan,
      stages: groupsPlan.stages.map((stage) => ({
        ...stage,
        steps: stage.steps.map((step) =>
          step.kind === 'shut-down-guests' ? { ...step, groups: [{ name: 'Low', guests: ['web-1'] }] } : step,
        ),
      })),
    };
    expect(notes(runTurningOff(), edited).slice(1)).toEqual(['web-1, web-2', 'db-1']);
    expect(notes(runTurningOff(), null)).toEqual(['build-1, test-1', 'web-1, web-2', 'db-1']);
  });

  it('are those that a step names until it has looked', () => {
    const run = runTurningOff();
    const fresh = Object.fromEntries(Object.entries(run.steps).map(([id, view]) => [id, { ...view, data: {} }]));
    expect(notes({ ...run, steps: fresh })).toEqual(['In no group', 'Low: web-1, web-2', 'Databases: db-1']);
  });
});

describe('the guests that come up again', () => {
  const start = { id: 'start', kind: 'start-guests', target: 'esx-1' };
  const part = (patch: object) => stepSchema.parse({ ...start, ...patch });
  const view = { data: { started: 1 } } as unknown as StepView;
  const withStart = (step: object): typeof groupsPlan => ({
    ...groupsPlan,
    returnStages: [{ ...groupsPlan.stages[0], id: 'back', steps: [part(step)] } as (typeof groupsPlan.stages)[0]],
  });
  const note = (step: object, plan: typeof groupsPlan) => guestsNote(part(step), view, guestStepsOf(plan));

  it('are told by the group in which they go down, when the step has none of its own', () => {
    expect(note({ guests: { only: ['db-1'] } }, withStart({}))).toBe('Databases: db-1');
    expect(note({ id: 'start.2', guests: { except: ['db-1'] } }, withStart({}))).toBe('In no group');
    expect(note({}, withStart({}))).toBeNull();
  });

  it('are told by the groups of the step, when it has some', () => {
    const plan = withStart({ groups: [{ name: 'First', guests: ['db-1', 'dc'] }] });
    expect(note({ guests: { only: ['db-1', 'dc'] } }, plan)).toBe('First: db-1, dc');
    expect(note({ guests: { only: ['web-1'] } }, plan)).toBe('web-1');
  });

  it('are what a step is called by', () => {
    const title = (step: object) => stepTitle(part(step), hosts);
    expect(title({ guests: { only: ['dc'] } })).toBe('Start guest dc on esx-1');
    expect(title({ guests: { only: ['dc', 'db'] } })).toBe('Start 2 guests on esx-1');
    expect(title({ guests: { except: ['dc'] } })).toBe('Start guests on esx-1');
    const groups = [{ name: 'First', guests: ['dc'] }];
    expect(stepNotes(part({ groups, after: 60 }))).toEqual(['1 group', expect.stringMatching(/^waits 1\smin first$/)]);
  });
});

describe('a step that is left out', () => {
  const follows = (step: object) => {
    const run = runTurningOff();
    const one = stepSchema.parse(step);
    return skipConsequences({ ...run, steps: { [one.id]: { ...run.steps.off, state: 'waiting' } as StepView } }, one);
  };

  it('says what stays as the run has made it, and what becomes of a UPS', () => {
    expect(follows({ id: 'x', kind: 'exit-maintenance', target: 'esx-1' })[1]).toBe(
      'esx-1 stays as it is until somebody does this: Exit maintenance mode.',
    );
    expect(follows({ id: 'x', kind: 'enter-maintenance', target: 'esx-1' })).toHaveLength(1);
    expect(follows({ id: 'x', kind: 'ups-off', ups: 'a' })[1]).toBe(
      'The UPS stays on, and feeds what is left until its battery is empty.',
    );
  });
});

describe('a UPS that turns off', () => {
  it('counts from what it took, and does not any more once it was called off', () => {
    const run = runTurningOff();
    expect(upsOffsOf(run)).toMatchObject([{ stepId: 'ups', name: 'Eaton 5P 1550', isDoubted: false }]);
    const at = Date.now();
    expect(upsOffsOf(applyRecord(run, { type: 'taken-back', at, step: 'ups', proof: 'it counts nothing' }))).toEqual(
      [],
    );
  });

  it('may turn off when nobody knows whether it took the command', () => {
    const run = runTurningOff();
    const [step, at] = ['ups', Date.now()];
    const { ups } = run.steps;
    if (!ups) throw new Error('the run has no such step');
    const fault = { code: 'ups-lost' as const, what: 'it does not answer', where: 'Eaton', remedy: '' };
    const sent = { ...run, steps: { ups: { ...ups, data: {}, state: 'active' as const, endedAt: null } } };
    expect(upsOffsOf(sent)).toEqual([]);
    const lost = applyRecord(sent, { type: 'step-ended', at, step, result: 'failed', proof: '', fault, data: {} });
    expect(upsOffsOf(lost)).toEqual([{ stepId: step, name: 'G123A45678', at: at + 300_000, isDoubted: true }]);
  });
});

it('what a host proved itself with is called by its name', () => {
  expect(checkLabel('host-key', 'esxi')).toBe('Host key');
  expect(checkLabel('host-key', 'vcenter')).toBe('Certificate');
  expect(checkLabel('login', 'vcenter')).toBe('Signed in');
});

it('new guests are told by their host, once each', () => {
  const [step] = rehearsal().steps;
  if (!step) throw new Error('the rehearsal has no step');
  const fresh = (hostName: string, newGuests?: string[]) => ({
    ...step,
    hostName,
    ...(newGuests ? { newGuests } : {}),
  });
  const { newGuests: _, ...old } = step;
  expect(newGuestsOf([fresh('a', ['x', 'y']), old, fresh('b', ['x']), fresh('a', ['y', 'z'])])).toEqual([
    { host: 'a', names: ['x', 'y', 'z'] },
    { host: 'b', names: ['x'] },
  ]);
});
