import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../renderer/plan/edits.ts';
import {
  type GuestsStep,
  neverComes,
  powerChuteGroups,
  withGuestLimit,
  withoutGuestLimit,
  withPowerChuteGroups,
} from '../../renderer/plan/guest-groups.ts';
import { makeStep } from '../../renderer/plan/new-step.ts';
import { withChannels } from '../../renderer/plan/notify-fields.tsx';
import { paletteEntries } from '../../renderer/plan/palette.ts';
import { stepNotes } from '../../renderer/plan/step-notes.ts';
import { stepTitle } from '../../renderer/plan/step-words.ts';
import { membersOf } from '../../renderer/plan/targets.ts';
import { delayHint, outletOptions } from '../../renderer/plan/ups-off-fields.tsx';
import { type Stage, type Step, type StepKind, sequenceSchema, stepSchema } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Offer } from '../../shared/ups-command.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { sequence } from '../fakes/window/plan.ts';
import { everyKind, everyStepPlan } from '../fakes/window/platforms.ts';
import { known } from '../fakes/window/supplies.ts';

const kinds = Object.keys(stepKinds) as StepKind[];
const make = <K extends StepKind>(kind: K, target = 'esxi-1') =>
  makeStep(kind, target, 'x') as Extract<Step, { kind: K }>;
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('the palette', () => {
  const stage = sequence.stages[0] as Stage;
  const lacking = (...given: Parameters<typeof paletteEntries>) =>
    paletteEntries(...given).filter(({ isDisabled }) => isDisabled);
  const ups = [known('locked', 'Locked'), known('open', 'Open', true)];

  it('has every kind of step once, together with the others of its heading', () => {
    const entries = paletteEntries(stage, 'down', everyKind, ups);
    expect(entries.map(({ id }) => id).sort()).toEqual([...kinds].sort());
    const headings = entries.map(({ heading }) => heading).filter((heading, at, all) => heading !== all[at - 1]);
    expect(headings).toEqual(['Hosts', 'Guests', 'VMware', 'vSAN', 'Ceph', 'UPS', 'Other']);
    expect(lacking(stage, 'down', everyKind, ups)).toEqual([]);
  });

  it('says of what it cannot offer what it lacks', () => {
    const nas = hosts.filter(({ id }) => id === 'nas-1');
    const hints = Object.fromEntries(lacking(stage, 'down', nas, ups.slice(0, 1)).map(({ id, hint }) => [id, hint]));
    expect(hints['shut-down-guests']).toBe('Needs a host with guests: add one under Setup');
    expect(hints['ups-off']).toBe('Needs a UPS that may be commanded: allow it under Setup');
    expect(hints).not.toHaveProperty('power-off');
    expect(lacking(stage, 'return', everyKind, ups).map(({ id, hint }) => [id, hint])).toEqual([
      ['ups-off', 'Only on the way down'],
    ]);
  });
});

describe('a new step', () => {
  it.each(kinds)('of the kind %s is what the schema makes of it', (kind) => {
    const step = make(kind);
    expect(stepSchema.parse(step)).toEqual(step);
  });

  it('that turns off a UPS is for the one that was meant, and for none without', () => {
    const stageId = sequence.stages[2]?.id ?? '';
    const added = applyEdit(sequence, { type: 'add-step', stageId, kind: 'ups-off', ups: 'open' }, hosts);
    expect(sequenceSchema.safeParse(added.sequence).success).toBe(true);
    expect(added.sequence.stages[2]?.steps.at(-1)).toMatchObject({ id: 'ups-off', kind: 'ups-off', ups: 'open' });
    const refused = applyEdit(sequence, { type: 'add-step', stageId, kind: 'ups-off', ups: null }, hosts);
    expect(refused.sequence).toBe(sequence);
    expect(refused.sentence).toBe('No UPS in Setup can be the target of "Turn off the UPS".');
  });
});

describe('guests', () => {
  const step: GuestsStep = make('shut-down-guests');
  const fill = (names: Record<string, string[]>) =>
    powerChuteGroups.map((name) => ({ name, guests: names[name] ?? [] }));

  it('are taken over in PowerChute’s groups: in its order, behind groups of other names, none of them empty', () => {
    const old = {
      ...step,
      groups: [
        { name: 'High', guests: ['old'], limit: 90 },
        { name: 'Mine', guests: ['a'] },
      ],
    };
    const next = withPowerChuteGroups(old, fill({ Directory: ['ldap'], High: ['db-1'], 'Group 2': ['test'] }));
    expect(next.groups).toEqual([
      { name: 'Mine', guests: ['a'] },
      { name: 'Group 2', guests: ['test'] },
      { name: 'High', guests: ['db-1'], limit: 90 },
      { name: 'Directory', guests: ['ldap'] },
    ]);
    expect(stepSchema.safeParse(next).success).toBe(true);
    expect(withPowerChuteGroups(next, fill({})).groups).toEqual([{ name: 'Mine', guests: ['a'] }]);
  });

  it('have a limit of their own, once each', () => {
    const one = withGuestLimit(withGuestLimit(withGuestLimit(step, 'db', 600), 'web', 30), 'db', 900);
    expect(one.guestLimits).toEqual([
      { guest: 'db', limit: 900 },
      { guest: 'web', limit: 30 },
    ]);
    expect(stepNotes(one)).toContain('2 limits of their own');
    expect(withoutGuestLimit(one, 'db').guestLimits).toEqual([{ guest: 'web', limit: 30 }]);
  });

  it('have limits that may never come, which is said by the limit of their group or step', () => {
    const groups = [
      { name: 'Slow', guests: ['db'], limit: 900 },
      { name: 'Fast', guests: ['web'] },
    ];
    const step: GuestsStep = { ...make('shut-down-guests'), force: true, limit: 300, groups };
    const words = (guest: string, limit: number) => plain(neverComes(step, { guest, limit }));
    expect(words('db', 600)).toBe('');
    expect(words('db', 900)).toBe('The limit of its group, 15 min, is over by then: it may never be powered off.');
    expect(words('web', 299)).toBe('');
    expect(words('web', 300)).toBe('The limit of its step, 5 min, is over by then: it may never be powered off.');
    expect(words('none', 600)).toContain('of its step');
  });
});

describe('the words of a step', () => {
  it('tell how a UPS turns off, and what it makes of the delay', () => {
    const step = { ...make('ups-off', 'open'), delay: 100, returns: false };
    expect(plain(stepTitle(step, hosts))).toBe('Turn off the UPS after 1 min 40 s');
    expect(plain(stepTitle({ ...step, outlet: 2 }, hosts))).toBe('Turn off outlet group 2 of the UPS after 1 min 40 s');
    expect(stepNotes(step)).toEqual(['stays off']);
    const offer: Offer = {
      command: 'shutdown.stayoff',
      delay: { kind: 'steps', min: 0, max: 600, step: 60, round: 'down' },
      note: '',
    };
    expect(plain(delayHint(step, [offer]))).toBe(
      'This UPS makes 2 min of it. What is still on after 2 min is cut hard.',
    );
    // What it keeps for the other command says nothing.
    expect(plain(delayHint({ ...step, returns: true }, [offer]))).toBe(
      'What is still on after 1 min 40 s is cut hard.',
    );
  });

  it('name the groups of outlets that can be turned off alone, and a chosen one that cannot', () => {
    const named = [
      { number: 1, name: 'Storage', offers: [] },
      { number: 2, name: '', offers: [] },
    ];
    expect(outletOptions(2, named).map(({ label }) => label)).toEqual(['All of the UPS', '1: Storage', '2']);
    expect(outletOptions(3, [])).toEqual([
      { value: 'all', label: 'All of the UPS' },
      { value: '3', label: '3: cannot be turned off alone' },
    ]);
    expect(outletOptions(null, [])).toHaveLength(1);
  });

  it('tell by which channels a message goes', () => {
    const step = make('notify');
    const notes = (channels: string[] | null) => stepNotes(withChannels(step, channels));
    expect([notes(null), notes([]), notes(['a']), notes(['a', 'b'])]).toEqual([
      [],
      ['on this computer only'],
      ['by 1 channel'],
      ['by 2 channels'],
    ]);
    expect(withChannels(withChannels(step, ['a']), null)).toEqual(step);
  });

  it('know whom a target stands for', () => {
    expect(membersOf('prepare-vsan', 'all', everyKind).map(({ id }) => id)).toEqual(['esxi-1']);
    expect(membersOf('power-off', 'tag:lab', everyKind).map(({ id }) => id)).toEqual(['other-1']);
    expect(membersOf('power-off', 'nobody', everyKind)).toEqual([]);
  });
});

describe('the plan of the pictures', () => {
  it('has a step of every kind', () => {
    const all = [...everyStepPlan.stages, ...everyStepPlan.returnStages].flatMap(({ steps }) => steps);
    expect(all.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
  });
});
