import { expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import type { StepContext } from '../../electron/core/ports.ts';
import { HostModels } from '../../electron/core/simulation/host-models.ts';
import { stepModels } from '../../electron/core/simulation/step-models.ts';
import { VirtualClock } from '../../electron/core/simulation/virtual-clock.ts';
import type { Host } from '../../shared/inventory.ts';
import type { StepData } from '../../shared/run-record.ts';
import { type Step, stepSchema } from '../../shared/sequence.ts';
import { esxi, linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A rack of models and what meets it as the runner would. Each step takes ten seconds. */
function rack(options: { hosts?: Host[]; hangs?: string; steps?: object[] } = {}) {
  const hosts = options.hosts ?? rackHosts();
  const clock = new VirtualClock(settle);
  const stages = options.steps
    ? { stages: [{ id: 'hosts', name: 'All', steps: options.steps }], returnStages: [] }
    : {};
  const models = new HostModels(clock, hosts, expand(rackSequence(stages), hosts).sequence, options.hangs ?? null);
  const table = stepModels(clock, models, () => 10, { turnOff: () => () => undefined });
  const left: { step: Step; data: StepData }[] = [];
  const state = { isPressed: false };
  const context = (step: Step, hostId: string | null): StepContext => ({
    step,
    host: hosts.find(({ id }) => id === hostId) ?? null,
    earlier: left,
    signal: new AbortController().signal,
    isCancelled: () => false,
    isPressed: () => state.isPressed,
    spared: () => [],
    tell: () => undefined,
  });
  const stepOf = (kind: string, more: object) => stepSchema.parse({ id: kind, kind, ...more });
  return {
    clock,
    models,
    state,
    of: (id: string) => models.of(hosts.find((host) => host.id === id) ?? null),
    look: async (kind: Step['kind'], target: string | null, more: object = {}) =>
      (await table[kind].probe(context(stepOf(kind, target === null ? more : { target, ...more }), target))).state,
    act: async (kind: Step['kind'], target: string | null, more: object = {}) => {
      const step = stepOf(kind, target === null ? more : { target, ...more });
      left.push({ step, data: await table[kind].act(context(step, target)) });
    },
    onHint: (kind: Step['kind'], target: string, call: () => void) =>
      table[kind].onHint?.(context(stepOf(kind, { target }), target), call),
    seconds: (n: number) => clock.advanceTo(clock.now() + n * 1000),
  };
}

test('a host goes off when its time is over, and tells so at that moment', async () => {
  const { look, act, seconds, onHint, clock } = rack();
  expect(await look('power-off', 'web')).toBe('not-done');
  await act('power-off', 'web');
  const hints: number[] = [];
  onHint('power-off', 'web', () => hints.push(clock.now()));
  await seconds(9.9);
  expect(await look('power-off', 'web')).toBe('not-done');
  await seconds(0.1);
  expect(await look('power-off', 'web')).toBe('done');
  expect(hints).toEqual([10_000]);
});

test('a hypervisor is not powered off while guests are on, unless it is in maintenance mode', async () => {
  const { act, seconds, of, look } = rack();
  await expect(act('power-off', 'esx')).rejects.toThrow('1 guest would be cut off');
  await expect(act('enter-maintenance', 'esx')).rejects.toThrow('1 guest on');
  await act('shut-down-guests', 'esx');
  await seconds(10);
  expect(await look('shut-down-guests', 'esx')).toBe('done');
  await act('enter-maintenance', 'esx');
  await seconds(10);
  expect(await look('enter-maintenance', 'esx')).toBe('done');
  await act('power-off', 'esx');
  await seconds(10);
  expect(of('esx')).toMatchObject({ power: 'off', cuts: 0 });
});

test('guests come back that were stopped, and no others', async () => {
  const others = { id: 'others', kind: 'shut-down-guests', target: 'esx', guests: { except: ['dc'] } };
  const dc = { id: 'dc', kind: 'shut-down-guests', target: 'esx', guests: { only: ['dc'] } };
  const { act, seconds, models, of, look } = rack({ steps: [others, dc] });
  await act('shut-down-guests', 'esx', { guests: { except: ['dc'] } });
  await seconds(10);
  expect(models.guestsOn(of('esx'))).toEqual(['dc']);
  expect(await look('start-guests', 'esx')).toBe('not-done');
  await act('start-guests', 'esx');
  await seconds(10);
  expect(models.guestsOn(of('esx'))).toEqual(expect.arrayContaining(['dc', 'the other guests']));
  expect(await look('start-guests', 'esx')).toBe('done');
});

test('of the guests that went down those come up that a step is for', async () => {
  const down = ['dc', 'db'].map((name) => ({
    id: name,
    kind: 'shut-down-guests',
    target: 'esx',
    guests: { only: [name] },
  }));
  const { act, models, of, seconds, look } = rack({ steps: down });
  await act('shut-down-guests', 'esx');
  await seconds(10);
  const dc = { guests: { only: ['dc', 'elsewhere'] } };
  await act('start-guests', 'esx', dc);
  await seconds(10);
  expect(models.guestsOn(of('esx'))).toEqual(['dc']);
  expect(await look('start-guests', 'esx', dc)).toBe('done');
  const rest = { guests: { except: ['dc'] } };
  expect(await look('start-guests', 'esx', rest)).toBe('not-done');
  await act('start-guests', 'esx', rest);
  await seconds(10);
  expect(models.guestsOn(of('esx'))).toEqual(['dc', 'db']);
});

test.each([
  { force: true, isPressed: true, after: 'done' },
  { force: false, isPressed: true, after: 'not-done' },
  { force: true, isPressed: false, after: 'not-done' },
])('guests, force $force, pressed $isPressed: $after after five seconds', async ({ force, isPressed, after }) => {
  const { act, seconds, state, look } = rack();
  await act('shut-down-guests', 'esx', { force });
  state.isPressed = isPressed;
  expect(await look('shut-down-guests', 'esx', { force })).toBe('not-done');
  await seconds(5);
  expect(await look('shut-down-guests', 'esx', { force })).toBe(after);
});

test('what is sent to a host that hangs never ends, and it stays as it is', async () => {
  const { act, seconds, of } = rack({ hangs: 'web' });
  let ended = false;
  void act('power-off', 'web').finally(() => {
    ended = true;
  });
  await seconds(3600);
  expect([ended, of('web').power]).toEqual([false, 'on']);
});

test('a host that was cut hangs no longer', async () => {
  const { act, models, seconds, of } = rack({ hangs: 'web' });
  models.cut(of('web'));
  await act('wake', 'web');
  await seconds(10);
  expect(of('web').power).toBe('on');
});

test('a host that is off cannot be reached, but is woken', async () => {
  const { act, models, of, seconds, look } = rack();
  models.setPower(of('web'), 'off');
  await expect(act('command', 'web', { command: 'sync' })).rejects.toThrow('does not answer');
  await expect(act('power-off', 'web')).rejects.toThrow('does not answer');
  await act('wake', 'web');
  expect(of('web').power).toBe('booting');
  await seconds(10);
  expect(await look('wake', 'web')).toBe('done');
});

test('a host that is cut on its way down counts as cut, and what went on in it is over', async () => {
  const { act, models, of, seconds } = rack();
  await act('power-off', 'web');
  await seconds(5);
  models.cut(of('web'));
  expect(of('web')).toMatchObject({ power: 'off', cuts: 1 });
  await act('wake', 'web');
  await seconds(7);
  // The timer of its power-off ran out meanwhile.
  expect(of('web').power).toBe('booting');
});

test('what runs on a host goes with it: in order with the guests, hard without', async () => {
  const vm: Host = { ...linux('vm'), runsOn: 'esx' };
  const first = rack({ hosts: [esxi('esx'), vm], steps: [{ id: 'g', kind: 'shut-down-guests', target: 'esx' }] });
  await first.act('shut-down-guests', 'esx');
  await first.seconds(10);
  expect(first.of('vm')).toMatchObject({ power: 'off', cuts: 0 });
  const second = rack({ hosts: [esxi('esx'), vm], steps: [{ id: 'off', kind: 'power-off', target: 'esx' }] });
  second.models.cut(second.of('esx'));
  expect(second.of('vm')).toMatchObject({ power: 'off', cuts: 1 });
});

test('a wait lasts as long as it says, a command as long as it takes', async () => {
  const { act, clock, look, seconds } = rack();
  const ended: string[] = [];
  void act('wait', null, { seconds: 7 }).then(() => ended.push(`wait ${clock.now()}`));
  void act('command', 'web', { command: 'sync' }).then(() => ended.push(`command ${clock.now()}`));
  await seconds(20);
  expect(ended).toEqual(['wait 7000', 'command 10000']);
  expect(await look('command', 'web', { command: 'sync' })).toBe('done');
});

test('what would take its whole limit is proven just before it is over', async () => {
  const { act, seconds, of } = rack();
  await act('power-off', 'web', { limit: 10 });
  await seconds(9.6);
  expect(of('web').power).toBe('off');
});
