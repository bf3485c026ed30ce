import { describe, expect, it } from 'vitest';
import type { CheckContext, Notice, RehearsalStore } from '../../electron/core/ports.ts';
import { RehearsalKeeper, type RehearsedPlan } from '../../electron/core/rehearsal-keeper.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Check, Rehearsal } from '../../shared/rehearsal.ts';
import type { SettingsView } from '../../shared/view.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { expected, hostNamed, offAndBack, seen, tableThat } from './rehearsal-kit.ts';

const minute = 60_000;
const day = 1440 * minute;
const hosts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(hostNamed);

function room(kept: Rehearsal[] = []) {
  const clock = new ManualClock();
  const saved: Rehearsal[] = [];
  const store: RehearsalStore = { save: async (one) => void saved.push(one), list: async () => kept };
  const notices: Notice[] = [];
  const self = {
    clock,
    saved,
    notices,
    lines: [] as string[],
    plan: { sequence: offAndBack(hosts), hash: 'h1', hosts, hostsHash: 'i1' } as RehearsedPlan | null,
    forbidden: null as string | null,
    every: 'weekly' as SettingsView['rehearse'],
    check: async (_: CheckContext): Promise<Check[]> => [seen('ready')],
    changes: 0,
    keeper: null as unknown as RehearsalKeeper,
    /** Lets time pass with a tick every `step` ms. */
    async pass(ms: number, step = minute) {
      for (let at = 0; at < ms; at += step) {
        await clock.advance(step);
        self.keeper.tick(clock.now());
      }
      await self.keeper.settled();
    },
    async held() {
      self.keeper.start('by-hand');
      await self.keeper.settled();
    },
  };
  self.keeper = new RehearsalKeeper({
    clock,
    store,
    notifier: { notify: (notice) => void notices.push(notice) },
    steps: tableThat((context) => self.check(context)).steps,
    expected,
    plan: () => self.plan,
    forbidden: () => self.forbidden,
    runtimeLeft: () => 600,
    every: () => self.every,
    changed: () => {
      self.changes += 1;
    },
    tell: (line) => void self.lines.push(line),
  });
  return self;
}

const never = (): Promise<Check[]> => new Promise(() => {});

describe('on demand', () => {
  it('one is held, kept and shown', async () => {
    const r = room();
    r.keeper.start('by-hand');
    expect(r.keeper.view().running).toEqual({ begunAt: r.clock.now(), done: 0, of: 14 });
    await r.keeper.settled();
    const view = r.keeper.view();
    expect(view).toMatchObject({ running: null, editedSince: false, latest: { cause: 'by-hand', runtimeLeft: 600 } });
    expect(view.list).toMatchObject([{ sequenceName: 'Rack', counts: { ready: 14, fails: 0, 'cannot-check': 0 } }]);
    expect(r.saved).toEqual([view.latest]);
    expect(r.keeper.read(view.latest?.id ?? '')).toBe(view.latest);
    expect(() => r.keeper.read('other')).toThrow(FaultError);
    expect(r.changes).toBeGreaterThan(2);
  });

  it('one that is held while the kept ones are read stays, and so do those', async () => {
    const before = room();
    await before.held();
    const kept = before.saved.map((each) => ({ ...each, id: 'rehearsal-19990101000000000' }));
    const r = room(kept);
    const loading = r.keeper.load();
    await r.held();
    await loading;
    expect(r.keeper.view().list.map(({ id }) => id)).toEqual([r.saved[0]?.id, kept[0]?.id]);
    await r.keeper.load();
    expect(r.keeper.view().list).toHaveLength(2);
  });

  it('two do not go on at once', async () => {
    const r = room();
    r.check = never;
    r.keeper.start('by-hand');
    expect(() => r.keeper.start('by-hand')).toThrow('goes on already');
    r.keeper.stop();
    await r.keeper.settled();
    expect(r.keeper.view()).toMatchObject({ running: null, latest: null, list: [{ counts: { ready: 0 } }] });
    expect(r.saved[0]?.brokenOff).toBe('It was stopped by hand.');
  });

  it('none begins while something forbids it, or without a plan', () => {
    const r = room();
    r.forbidden = 'A run goes on.';
    expect(() => r.keeper.start('by-hand')).toThrow('A run goes on.');
    r.forbidden = null;
    r.plan = null;
    expect(() => r.keeper.start('by-hand')).toThrow('There is no plan.');
    expect(r.keeper.view().running).toBe(null);
  });

  it('one is broken off when the power fails', async () => {
    const r = room();
    r.check = never;
    r.keeper.start('by-hand');
    r.keeper.tick(r.clock.now());
    expect(r.keeper.view().running).not.toBe(null);
    r.forbidden = 'The UPS is on battery.';
    r.keeper.tick(r.clock.now());
    await r.keeper.settled();
    expect(r.saved).toMatchObject([{ brokenOff: 'The UPS is on battery.', steps: [] }]);
  });

  it('one that cannot be kept is shown all the same', async () => {
    const r = room();
    r.saved.push = () => {
      throw new Error('the disk is full');
    };
    await r.held();
    expect(r.keeper.view()).toMatchObject({ running: null, latest: { brokenOff: null } });
    expect(r.lines).toEqual(['The rehearsal is not kept: Error: the disk is full']);
  });

  it('what was edited since is a fact', async () => {
    const r = room();
    await r.held();
    const plan = r.plan as RehearsedPlan;
    for (const other of [{ hash: 'h2' }, { hostsHash: 'i2' }, { sequence: { ...plan.sequence, id: 'other' } }]) {
      r.plan = { ...plan, ...other };
      expect(r.keeper.view().editedSince).toBe(true);
    }
    r.plan = plan;
    expect(r.keeper.view().editedSince).toBe(false);
    r.plan = null;
    expect(r.keeper.view().editedSince).toBe(true);
  });
});

describe('by the schedule', () => {
  const begun = (r: ReturnType<typeof room>) => r.saved.map(({ begunAt, cause }) => [begunAt, cause]);

  it('the first is held ten minutes after the start, the next when the period is over', async () => {
    const r = room();
    const start = r.clock.now();
    expect(r.keeper.view().nextAt).toBe(start + 10 * minute);
    await r.pass(9 * minute);
    expect(r.saved).toEqual([]);
    await r.pass(minute);
    expect(begun(r)).toEqual([[start + 10 * minute, 'schedule']]);
    await r.pass(7 * day - minute);
    expect(r.saved.length).toBe(1);
    await r.pass(minute);
    expect(begun(r)[1]).toEqual([start + 10 * minute + 7 * day, 'schedule']);
  });

  it.each([
    ['never', 0],
    ['daily', 60],
    ['weekly', 9],
    ['monthly', 2],
  ] as const)('%s: %i in 60 days', async (every, times) => {
    const r = room();
    r.every = every;
    await r.pass(60 * day, 10 * minute);
    expect(r.saved.length).toBe(times);
    expect(r.notices).toEqual([]);
  });

  it('counts from the last that went to its end, whoever began it', async () => {
    const r = room();
    await r.held();
    const at = r.clock.now();
    expect(r.keeper.view().nextAt).toBe(at + 7 * day);
    await r.clock.advance(day);
    r.check = never;
    r.keeper.start('by-hand');
    r.keeper.stop();
    await r.keeper.settled();
    expect(r.keeper.view().nextAt).toBe(at + 7 * day);
  });

  it('a missed one is made up after a restart', async () => {
    const before = room();
    await before.held();
    const r = room(before.saved);
    await r.keeper.load();
    r.clock.jump(30 * day);
    await r.pass(9 * minute);
    expect(r.saved).toEqual([]);
    await r.pass(minute);
    expect(r.saved.length).toBe(1);
    expect(r.notices).toEqual([]);
  });

  it('waits for the mains, and for an hour when it was broken off', async () => {
    const r = room();
    r.forbidden = 'The UPS is on battery.';
    await r.pass(60 * minute);
    expect(r.saved).toEqual([]);
    r.forbidden = null;
    r.check = never;
    await r.pass(0);
    r.keeper.tick(r.clock.now());
    expect(r.keeper.view().running).not.toBe(null);
    r.forbidden = 'The UPS is on battery.';
    await r.pass(minute);
    r.forbidden = null;
    r.check = async () => [seen('ready')];
    await r.pass(58 * minute);
    expect(r.saved.map(({ brokenOff }) => brokenOff)).toEqual(['The UPS is on battery.']);
    await r.pass(2 * minute);
    expect(r.saved.map(({ brokenOff }) => brokenOff)).toEqual(['The UPS is on battery.', null]);
  });

  it('that could not be held for twice its period is told, once in each', async () => {
    const r = room();
    r.every = 'daily';
    r.forbidden = 'A run goes on.';
    await r.pass(2 * day - minute, minute);
    expect(r.notices).toEqual([]);
    await r.pass(minute);
    expect(r.notices).toMatchObject([
      { category: 'failure', body: 'No rehearsal has gone to its end for 2 days. A run goes on.' },
    ]);
    await r.pass(day - minute);
    expect(r.notices.length).toBe(1);
    await r.pass(minute);
    expect(r.notices.length).toBe(2);
  });

  it('is not put off by a clock that was set back', async () => {
    const r = room();
    await r.pass(10 * minute);
    r.clock.jump(-400 * day);
    await r.pass(59 * minute);
    expect(r.saved.length).toBe(1);
    await r.pass(minute);
    expect(r.saved.length).toBe(2);
  });

  it('has nothing to hold without a plan', async () => {
    const r = room();
    r.plan = null;
    await r.pass(day);
    expect([r.saved, r.notices, r.keeper.view().nextAt]).toEqual([[], [], null]);
  });
});

describe('a notice', () => {
  const failing =
    (...ids: string[]) =>
    async ({ host }: CheckContext) => [seen(ids.includes(host?.id ?? '') ? 'fails' : 'ready', `${host?.id} said no`)];

  it('tells what was ready before and fails now', async () => {
    const r = room();
    await r.held();
    r.check = failing('b');
    await r.held();
    expect(r.notices).toEqual([
      {
        category: 'failure',
        urgency: 'normal',
        title: 'Rehearsal: 2 steps of “Rack” would fail now',
        body: 'b, power off: b said no\nb, wake: b said no',
      },
    ]);
  });

  it('names five', async () => {
    const r = room();
    await r.held();
    r.check = failing('a', 'b', 'c', 'd', 'e', 'f', 'g');
    await r.held();
    expect(r.notices[0]?.body.split('\n').length).toBe(6);
    expect(r.notices[0]?.body).toMatch(/and 9 more$/);
  });

  it('is not given for what failed before, for a first one, nor by one that was broken off', async () => {
    const r = room();
    r.check = failing('a');
    await r.held();
    await r.clock.advance(1000);
    await r.held();
    expect(r.notices).toEqual([]);
    r.check = failing();
    await r.held();
    const [fails] = [failing('a')];
    r.check = (context) => (context.host?.id === 'a' ? fails(context) : never());
    r.keeper.start('by-hand');
    await r.clock.advance(0);
    r.keeper.stop();
    await r.keeper.settled();
    expect(r.notices).toEqual([]);
    r.check = failing('a');
    await r.held();
    expect(r.notices.length).toBe(1);
  });
});

describe('guests that no step was for in the rehearsal before', () => {
  const withGuests = (...guests: string[]): Check => ({ ...seen('ready'), what: 'guests', guests });

  it('are named in the report and in a notice; one that was moved is not new', async () => {
    const guests = new Map([
      ['a', ['mail', 'files']],
      ['b', ['web']],
    ]);
    const room1 = room();
    room1.check = async ({ host }) => [withGuests(...(guests.get(host?.id ?? '') ?? []))];
    await room1.held();
    expect(room1.notices).toEqual([]);
    guests.set('a', ['mail']);
    guests.set('b', ['web', 'files', 'build', 'git']);
    await room1.held();
    const named = room1.saved.at(-1)?.steps.filter(({ newGuests }) => newGuests);
    expect(named?.map(({ stepId, newGuests }) => [stepId, newGuests])).toEqual([
      ['off-b', ['build', 'git']],
      ['wake-b', ['build', 'git']],
    ]);
    expect(room1.notices).toHaveLength(1);
    expect(room1.notices[0]).toMatchObject({
      title: 'Rehearsal: 2 guests of “Rack” are new',
      body: 'b: new since the last rehearsal: build, git',
    });
    await room1.held();
    expect(room1.notices).toHaveLength(1);
    expect(room1.saved.at(-1)?.steps.some(({ newGuests }) => newGuests)).toBe(false);
  });

  it('are not all new where they could not be listed before, and are told beside what fails now', async () => {
    const room1 = room();
    room1.check = async () => [seen('ready')];
    await room1.held();
    room1.check = async ({ host }) => [withGuests(`${host?.id}-1`)];
    await room1.held();
    expect(room1.notices).toEqual([]);
    room1.check = async ({ host }) =>
      host?.id === 'a'
        ? [seen('fails', 'refused')]
        : [withGuests(`${host?.id}-1`, ...(host?.id === 'b' ? ['new'] : []))];
    await room1.held();
    expect(room1.notices.at(-1)?.title).toContain('2 steps of “Rack” would fail now');
    expect(room1.notices.at(-1)?.body).toContain('b: new since the last rehearsal: new');
  });
});
