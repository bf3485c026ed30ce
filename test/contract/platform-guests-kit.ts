import { expect, it } from 'vitest';
import type { Probe, StepContext } from '../../electron/core/ports.ts';
import type { StepData } from '../../shared/run-record.ts';
import { stepSchema } from '../../shared/sequence.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { describeMachines, entered, onlyLooked, type PlatformCase, shortly, type Up, up } from './platform-kit.ts';
import { type Bench, faultOf } from './targets-kit.ts';

export interface FakeGuest {
  name: string;
  /** It is on at first. */
  on: boolean;
  /** What it takes to be asked to shut down runs in it. */
  hasAgent: boolean;
  /** Milliseconds from being asked to off; null: it never stops by itself. */
  stopsAfterMs: number | null;
}

export interface GuestsCase extends Pick<PlatformCase, 'kind' | 'title' | 'host'> {
  /** A new machine with these guests, on the clock of its test; `on`: the names of those that are on now. */
  machine(guests: readonly FakeGuest[], after: After): { machine: MachineKind; on(): string[] };
  /** A guest without its agent is told of as soon as it is asked; otherwise it is asked in vain. */
  tellsAgents: boolean;
}

const guest = (name: string, more: Partial<FakeGuest> = {}): FakeGuest => ({
  name,
  on: true,
  hasAgent: true,
  stopsAfterMs: 15_000,
  ...more,
});

/** What is true of every platform with guests. Needs root. */
export function guestsSuite(one: GuestsCase): void {
  const started = async (guests: readonly FakeGuest[]): Promise<Guests> => {
    let on = (): string[] => [];
    const machine = (after: After): MachineKind => {
      const made = one.machine(guests, after);
      on = made.on;
      return made.machine;
    };
    const made = await up({ kind: one.kind, machine, ...(one.host && { host: one.host }) });
    return { ...made, ...stepsOf(made), on: () => on().sort() };
  };

  describeMachines(`the guests of ${one.title ?? one.kind}`, () => {
    shutDownSuite(one, started);
    chooseSuite(started);
    startSuite(started);
    rehearseSuite(one, started);
  });
}

interface Guests extends Up {
  on(): string[];
  /** A step that shuts guests down. */
  down(more?: object): StepContext;
  act(context: StepContext): ReturnType<ReturnType<Up['b']['actions']>['act']>;
  probe(context: StepContext): Promise<Probe>;
  /** Looks, until done or until `ms` are over. */
  prove(context: StepContext, ms: number): Promise<Probe>;
}

type Started = (guests: readonly FakeGuest[]) => Promise<Guests>;

/**
 * Lets the clock go on for what waits by it, and slowly: what a busy computer takes for an answer is not to be the time
 * of a guest.
 */
async function answered<T>(b: Bench, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  const ended = work.then(over, over);
  while (!isOver) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 25))]);
    if (!isOver) await b.clock.advance(200);
  }
  return work;
}

/** Milliseconds of the clock. */
const lookEvery = 10_000;

const stepsOf = ({ b, host }: Up): Pick<Guests, 'down' | 'act' | 'probe' | 'prove'> => ({
  down: (more = {}) => b.step({ kind: 'shut-down-guests', target: 'box', ...more }, host),
  act: (context) => b.meanwhile(b.actions(context).act(context)),
  probe: (context) => b.actions(context).probe(context),
  async prove(context, ms) {
    const began = b.clock.monotonic();
    for (;;) {
      const last = await answered(b, b.actions(context).probe(context));
      if (last.state === 'done' || b.clock.monotonic() - began >= ms) return last;
      await b.clock.advance(lookEvery);
    }
  },
});

function shutDownSuite({ tellsAgents }: GuestsCase, started: Started): void {
  it('are shut down, and proven off', async () => {
    const { down, act, probe, prove, on } = await started([guest('dc'), guest('web'), guest('old', { on: false })]);
    const context = down();
    const before = await probe(context);
    expect(before).toMatchObject({ state: 'not-done', data: { names: ['dc', 'web'] } });
    await act(context);
    expect(on()).toEqual(['dc', 'web']);
    expect(await prove(context, 120_000)).toEqual({ state: 'done', proof: '2 guests off' });
    expect(on()).toEqual([]);
  });

  it('that are all off need nothing', async () => {
    const { down, probe } = await started([guest('dc', { on: false })]);
    expect(await probe(down())).toEqual({ state: 'done', proof: 'no guest is on' });
  });

  it('of which one never stops are waited for, and not forced', async () => {
    const { down, act, prove, on } = await started([guest('dc', { stopsAfterMs: null }), guest('web')]);
    const context = down({ limit: 90 });
    await act(context);
    expect(await prove(context, 120_000)).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
    expect(on()).toEqual(['dc']);
  });

  it('of which some never stop are forced, each when its time is over', async () => {
    const never = { stopsAfterMs: null };
    const { b, down, act, prove, on } = await started([guest('dc', never), guest('db', never), guest('web')]);
    const context = down({ force: true, limit: 360, guestLimits: [{ guest: 'dc', limit: 60 }] });
    await act(context);
    expect((await prove(context, 120_000)).state).toBe('not-done');
    expect(on()).toEqual(['db']);
    expect((await prove(context, 180_000)).state).toBe('done');
    expect(on()).toEqual([]);
    expect(b.told.filter((line) => line.startsWith('powering off'))).toEqual(['powering off dc', 'powering off db']);
  });

  it('of which one has no agent: the others stop, and it is told of', async () => {
    const { b, down, act, prove, on } = await started([
      guest('dc', { hasAgent: false, stopsAfterMs: null }),
      guest('web'),
    ]);
    const context = down();
    await act(context);
    expect((await prove(context, 60_000)).state).toBe('not-done');
    expect(on()).toEqual(['dc']);
    if (tellsAgents) expect(b.told).toEqual([expect.stringMatching(/^dc was not asked: /)]);
  });

  if (tellsAgents)
    it('of which none can be asked: the step says so', async () => {
      const { down, act } = await started([guest('dc', { hasAgent: false, stopsAfterMs: null })]);
      expect(await faultOf(act(down()))).toMatchObject({ code: 'command-failed', what: expect.stringContaining('dc') });
    });

  it('may be fifty', async () => {
    const all = Array.from({ length: 50 }, (_, at) => guest(`vm-${String(at).padStart(2, '0')}`));
    const { down, act, prove, on } = await started(all);
    const context = down();
    await act(context);
    expect(await prove(context, 300_000)).toEqual({ state: 'done', proof: '50 guests off' });
    expect(on()).toEqual([]);
  });
}

function chooseSuite(started: Started): void {
  it('can be chosen, and a name that none has is told', async () => {
    const { b, down, act, prove, on } = await started([guest('dc'), guest('web'), guest('db')]);
    const context = down({ guests: { only: ['web', 'wbe'] } });
    await act(context);
    expect(await prove(context, 120_000)).toEqual({ state: 'done', proof: '1 guest off' });
    expect(on()).toEqual(['db', 'dc']);
    expect(b.told).toEqual(['no guest of box has the name wbe']);
  });
}

function startSuite(started: Started): void {
  it('are started again, those that were on', async () => {
    const { b, host, down, act, prove, on } = await started([guest('dc'), guest('web'), guest('old', { on: false })]);
    const before = down();
    const data = await act(before);
    expect((await prove(before, 120_000)).state).toBe('done');
    const earlier = [{ step: stepSchema.parse({ ...before.step, id: 'down' }), data }];
    const context = b.step({ kind: 'start-guests', target: 'box' }, host, earlier);
    await act(context);
    expect(await prove(context, 60_000)).toEqual({ state: 'done', proof: '2 guests on' });
    expect(on()).toEqual(['dc', 'web']);
  });

  it('are started in groups, also when an earlier run left no names of them', async () => {
    const { b, host, down, act, prove, probe, on } = await started([guest('dc'), guest('web'), guest('db')]);
    const before = down();
    const data = await act(before);
    expect((await prove(before, 120_000)).state).toBe('done');
    const step = stepSchema.parse({ ...before.step, id: 'down' });
    const up = (guests: object, left: StepData) =>
      b.step({ kind: 'start-guests', target: 'box', guests }, host, [{ step, data: left }]);
    const { guests: ids = [] } = data;
    for (const [first, left] of [['dc', data] as const, ['web', { guests: ids }] as const]) {
      const context = up({ only: [first, 'of-another-host'] }, left);
      expect(await probe(context)).toMatchObject({ state: 'not-done', seen: '0 of 1 guest on' });
      await act(context);
      expect(await prove(context, 60_000)).toEqual({ state: 'done', proof: '1 guest on' });
    }
    expect(on()).toEqual(['dc', 'web']);
    expect((await probe(up({ only: ['of-another-host'] }, data))).state).toBe('done');
    const rest = up({ except: ['dc', 'web'] }, { guests: ids });
    await act(rest);
    expect(await prove(rest, 60_000)).toEqual({ state: 'done', proof: '1 guest on' });
    expect(on()).toEqual(['db', 'dc', 'web']);
  });
}

function rehearseSuite({ tellsAgents }: GuestsCase, started: Started): void {
  const shutDown = { kind: 'shut-down-guests' };

  it('are listed in a rehearsal, which only looks', async () => {
    const made = await started([guest('dc'), guest('web'), guest('old', { on: false })]);
    const checks = await made.check(shutDown);
    expect(shortly(checks).slice(0, 5)).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    expect(checks[4]?.detail).toBe('2 guests on: dc, web');
    onlyLooked(made);
  });

  it.each([{ guests: { only: ['wbe'] } }, { guestLimits: [{ guest: 'wbe', limit: 900 }] }])(
    'are missed in a rehearsal by the names that none has: %j',
    async (named) => {
      const made = await started([guest('dc')]);
      const checks = await made.check({ ...shutDown, ...named });
      expect(checks.find(({ what }) => what === 'guests')?.fault?.code).toBe('reference-missing');
      onlyLooked(made);
    },
  );

  it('of a group that is to be started are looked at in a rehearsal, and none is missed', async () => {
    const made = await started([guest('dc'), guest('web')]);
    const checks = await made.check({ kind: 'start-guests', guests: { only: ['web', 'of-another-host'] } });
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    expect(checks.at(-1)?.detail).toBe('1 guest on: web');
    onlyLooked(made);
  });

  if (tellsAgents)
    it('without their agent fail in a rehearsal', async () => {
      const made = await started([guest('dc', { hasAgent: false }), guest('web')]);
      const checks = await made.check(shutDown);
      expect(checks.at(-1)).toMatchObject({ what: 'tools', verdict: 'fails', detail: expect.stringContaining('dc') });
      onlyLooked(made);
    });
}
