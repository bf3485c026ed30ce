import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beforeWhom } from '../../renderer/plan/drop-place.ts';
import { applyEdit, type PlanEdit } from '../../renderer/plan/edits.ts';
import { record, redo, seal, startHistory, undo } from '../../renderer/plan/history.ts';
import { freshId, slug } from '../../renderer/plan/ids.ts';
import { wouldCircle } from '../../renderer/plan/needs.ts';
import { makeStep } from '../../renderer/plan/new-step.ts';
import { allStages, findStep, stageOfStep } from '../../renderer/plan/step-words.ts';
import { idSchema } from '../../shared/id.ts';
import { type Sequence, type StepKind, sequenceSchema, stepSchema } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { sequence } from '../fakes/window/plan.ts';

const edit = (change: PlanEdit, from: Sequence = sequence) => applyEdit(from, change, hosts);
const order = (plan: Sequence, stageId: string) =>
  allStages(plan)
    .find((stage) => stage.id === stageId)
    ?.steps.map((step) => step.id);

describe('steps', () => {
  it('adds a step aimed at the first host that the stage does not do this to yet', () => {
    const { sequence: next, sentence, focus } = edit({ type: 'add-step', stageId: 'storage', kind: 'power-off' });
    const added = focus === null ? undefined : findStep(next, focus);
    expect(added).toMatchObject({ kind: 'power-off', target: 'esx-1', until: 'silent' });
    expect(sentence).toBe('Added Power off esx-1 to Storage.');
  });

  it('makes every kind of step as the schema fills it in', () => {
    const required = {
      target: 'esx-1',
      command: 'true',
      seconds: 60,
      ups: 'esx-1',
      message: 'The shutdown has reached this step',
    };
    for (const kind of Object.keys(stepKinds) as StepKind[]) {
      const made = makeStep(kind, 'esx-1', 'x');
      const asked = Object.entries(required).filter(([key]) => key in made);
      expect(made, kind).toEqual(stepSchema.parse({ id: 'x', kind, ...Object.fromEntries(asked) }));
    }
  });

  it('refuses a step for which there is no host, and says so', () => {
    const { sequence: next, sentence } = applyEdit(
      sequence,
      { type: 'add-step', stageId: 'storage', kind: 'wake' },
      [],
    );
    expect(next).toBe(sequence);
    expect(sentence).toContain('No host');
  });

  it('moves a step up and down within its stage, and stops at the ends', () => {
    const { sequence: next, sentence } = edit({ type: 'shift-step', stepId: 'guests-1', by: 1 });
    expect(order(next, 'workloads')).toEqual(['guests-2', 'guests-1', 'stop-backups']);
    expect(sentence).toBe('Moved Shut down guests on esx-1 down: 2 of 3 in Stop workloads.');
    expect(edit({ type: 'shift-step', stepId: 'guests-1', by: -1 }).sequence).toBe(sequence);
  });

  it('takes needs away in both directions when a step leaves its stage', () => {
    const { sequence: next, sentence } = edit({
      type: 'move-step',
      stepId: 'maint-1',
      stageId: 'storage',
      beforeId: 'off-nas',
    });
    expect(order(next, 'storage')).toEqual(['off-backup', 'maint-1', 'off-nas']);
    expect(findStep(next, 'off-esx-1')?.needs).toEqual([]);
    expect(sentence).toContain('Its needs were removed');
  });

  it('keeps needs when a step is moved within its stage', () => {
    const { sequence: next } = edit({
      type: 'move-step',
      stepId: 'off-esx-1',
      stageId: 'hypervisors',
      beforeId: 'maint-1',
    });
    expect(order(next, 'hypervisors')?.[0]).toBe('off-esx-1');
    expect(findStep(next, 'off-esx-1')?.needs).toEqual(['maint-1']);
  });

  it('goes to the neighbouring stage, across the line and into the way back', () => {
    const { sequence: next } = edit({ type: 'step-to-neighbour', stepId: 'off-nas', by: 1 });
    expect(stageOfStep(next, 'off-nas')?.id).toBe('wake-storage');
    expect(edit({ type: 'step-to-neighbour', stepId: 'guests-1', by: -1 }).sequence).toBe(sequence);
  });

  it('gives the focus to the neighbour of a removed step', () => {
    const { sequence: next, focus } = edit({ type: 'remove-step', stepId: 'maint-1' });
    expect(focus).toBe('off-esx-1');
    expect(findStep(next, 'off-esx-1')?.needs).toEqual([]);
  });

  it('gives the focus to the stage when its only step is removed, and to the next stage when it is deleted', () => {
    const only = edit({ type: 'remove-step', stepId: 'wake-nas' });
    expect(only).toMatchObject({ focus: null, focusStage: 'wake-storage' });
    expect(edit({ type: 'remove-stage', stageId: 'hypervisors' }).focusStage).toBe('storage');
    expect(edit({ type: 'remove-stage', stageId: 'storage' }).focusStage).toBe('hypervisors');
    const oneReturn = { ...sequence, returnStages: sequence.returnStages.slice(0, 1) };
    expect(edit({ type: 'remove-stage', stageId: 'wake-storage' }, oneReturn).focusStage).toBe('storage');
  });

  it('sees a circle of needs before it is made', () => {
    const stage = stageOfStep(sequence, 'maint-1');
    expect(stage && wouldCircle(stage, 'maint-1', 'off-esx-1')).toBe(true);
    expect(stage && wouldCircle(stage, 'maint-2', 'off-esx-1')).toBe(false);
  });

  it('finds the place of a drop, whoever is dropped', () => {
    const stage = stageOfStep(sequence, 'maint-1');
    expect(stage && beforeWhom(stage, 'x', 'maint-1', 'before')).toBe('maint-1');
    expect(stage && beforeWhom(stage, 'off-esx-1', 'maint-1', 'after')).toBe('maint-2');
    expect(stage && beforeWhom(stage, 'x', 'off-esx-2', 'after')).toBeNull();
  });
});

describe('stages', () => {
  it('keeps a line when the stage behind it is deleted', () => {
    const { sequence: next } = edit({ type: 'remove-stage', stageId: 'hypervisors' });
    expect(next.pointOfNoReturn).toBe('storage');
  });

  it('does not delete the only stage going down', () => {
    const one = { ...sequence, stages: sequence.stages.slice(0, 1), pointOfNoReturn: 'workloads' };
    expect(edit({ type: 'remove-stage', stageId: 'workloads' }, one).sequence).toBe(one);
  });

  it('takes the line along with its stage and says so', () => {
    const { sequence: next, sentence } = edit({ type: 'move-stage', stageId: 'hypervisors', by: 1 });
    expect(next.stages.map((stage) => stage.id)).toEqual(['workloads', 'storage', 'hypervisors']);
    expect(sentence).toContain('point of no return moved with it');
  });

  it('refuses names that the file would not take', () => {
    expect(edit({ type: 'rename-stage', stageId: 'storage', name: '  ' }).sequence).toBe(sequence);
    expect(edit({ type: 'rename', name: 'x'.repeat(101) }).sequence).toBe(sequence);
    expect(edit({ type: 'rename-stage', stageId: 'storage', name: ' Disks ' }).sequence.stages[2]?.name).toBe('Disks');
  });
});

describe('history', () => {
  const other = (name: string): Sequence => ({ ...sequence, name });

  it('undoes and does again', () => {
    const edited = record(startHistory(sequence), other('b'), null);
    expect(undo(edited).now).toBe(sequence);
    expect(redo(undo(edited)).now.name).toBe('b');
    expect(undo(undo(edited)).now).toBe(sequence);
  });

  it('takes typing into one field as one edit', () => {
    const typed = record(
      record(record(startHistory(sequence), other('b'), 'name'), other('bc'), 'name'),
      other('bcd'),
      'name',
    );
    expect(undo(typed).now).toBe(sequence);
    expect(undo(record(typed, other('z'), null)).now.name).toBe('bcd');
  });

  it('begins anew after a save, also in the same field', () => {
    const saved = seal(record(startHistory(sequence), other('b'), 'name'));
    expect(undo(record(saved, other('bc'), 'name')).now.name).toBe('b');
  });

  it('forgets what was undone when something else is edited', () => {
    const branched = record(undo(record(startHistory(sequence), other('b'), null)), other('c'), null);
    expect(redo(branched)).toBe(branched);
  });
});

describe('ids', () => {
  it('are valid and new for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(idSchema.safeParse(slug(name)).success).toBe(true);
        const taken = new Set([slug(name), freshId(name, new Set([slug(name)]))]);
        expect(taken.size).toBe(2);
        const third = freshId(name, taken);
        expect(taken.has(third)).toBe(false);
        expect(idSchema.safeParse(third).success).toBe(true);
      }),
    );
  });
});

/** An edit that points anywhere: at things that are there, at things that are gone, at the same thing twice. */
const anyEdit: fc.Arbitrary<(plan: Sequence) => PlanEdit> = fc
  .record({
    type: fc.constantFrom<PlanEdit['type']>(
      'add-step',
      'change-step',
      'remove-step',
      'shift-step',
      'step-to-neighbour',
      'move-step',
      'toggle-need',
      'add-stage',
      'rename-stage',
      'remove-stage',
      'move-stage',
      'move-line',
      'rename',
      'change-stage',
      'settings',
    ),
    kind: fc.constantFrom(...(Object.keys(stepKinds) as StepKind[])),
    a: fc.nat(),
    b: fc.nat(),
    c: fc.nat(),
    by: fc.constantFrom<-1 | 1>(-1, 1),
    name: fc.string({ maxLength: 120 }),
    down: fc.boolean(),
  })
  .map((raw) => (plan: Sequence): PlanEdit => {
    const stages = [...allStages(plan).map((stage) => stage.id), 'gone'];
    const steps = [...allStages(plan).flatMap((stage) => stage.steps.map((step) => step.id)), 'gone'];
    const at = (list: readonly string[], index: number) => list[index % list.length] ?? 'gone';
    const stepId = at(steps, raw.a);
    const stageId = at(stages, raw.b);
    switch (raw.type) {
      case 'add-step':
        return { type: raw.type, stageId, kind: raw.kind };
      case 'change-step': {
        const step = findStep(plan, stepId) ?? plan.stages[0]?.steps[0];
        return step
          ? { type: raw.type, step: { ...step, retries: raw.b % 11, onFailure: raw.down ? 'stop' : 'continue' } }
          : { type: 'remove-step', stepId };
      }
      case 'remove-step':
        return { type: raw.type, stepId };
      case 'shift-step':
      case 'step-to-neighbour':
        return { type: raw.type, stepId, by: raw.by };
      case 'move-step':
        return { type: raw.type, stepId, stageId, beforeId: raw.down ? null : at(steps, raw.c) };
      case 'toggle-need':
        return { type: raw.type, stepId, needId: at(steps, raw.c) };
      case 'add-stage':
        return { type: raw.type, phase: raw.down ? 'down' : 'return', afterId: raw.c % 2 ? null : stageId };
      case 'rename-stage':
        return { type: raw.type, stageId, name: raw.name };
      case 'change-stage': {
        const stage = allStages(plan).find((each) => each.id === stageId);
        return stage
          ? {
              type: raw.type,
              stage: { ...stage, parallel: 1 + (raw.b % 9), onFailure: raw.down ? 'stop' : 'continue' },
            }
          : { type: 'rename', name: raw.name };
      }
      case 'settings':
        return { type: raw.type, settings: { scope: raw.down ? 'all' : 'critical', shed: raw.a % 2 ? [] : ['force'] } };
      case 'remove-stage':
      case 'move-line':
        return { type: raw.type, stageId };
      case 'move-stage':
        return { type: raw.type, stageId, by: raw.by };
      default:
        return { type: 'rename', name: raw.name };
    }
  });

describe('any edits in any order', () => {
  it('keep the sequence valid, change nothing else, and can be undone to the beginning', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40 }), (edits) => {
        const frozen = structuredClone(sequence);
        let history = startHistory(sequence);
        for (const make of edits) {
          const { sequence: next, sentence } = edit(make(history.now), history.now);
          expect(sentence).toMatch(/\.$/);
          const checked = sequenceSchema.safeParse(next);
          expect(checked.success ? '' : checked.error.message).toBe('');
          history = record(history, next, null);
        }
        expect(sequence).toEqual(frozen);
        while (history.past.length > 0) history = undo(history);
        expect(history.now).toBe(sequence);
      }),
      { numRuns: 300 },
    );
  });

  it('never lose a step but by deleting it or its stage', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 30 }), (edits) => {
        let plan = sequence;
        for (const make of edits) {
          const change = make(plan);
          const before = allStages(plan).flatMap((stage) => stage.steps).length;
          plan = edit(change, plan).sequence;
          const after = allStages(plan).flatMap((stage) => stage.steps).length;
          if (change.type === 'add-step') expect(after).toBeGreaterThanOrEqual(before);
          else if (change.type !== 'remove-step' && change.type !== 'remove-stage') expect(after).toBe(before);
        }
      }),
    );
  });
});
