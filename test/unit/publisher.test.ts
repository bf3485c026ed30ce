import { expect, test } from 'vitest';
import { Publisher } from '../../electron/brain/publisher.ts';
import type { Push } from '../../shared/ipc.ts';
import type { SliceName, Slices } from '../../shared/view.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { samplePlan, samplePower, sampleStatus } from '../fakes/status.ts';

function publisherWith(open = true) {
  const clock = new ManualClock();
  const pushes: Push[] = [];
  const state = { open };
  const slices: Slices = {
    status: sampleStatus([samplePower()]),
    plan: samplePlan(),
    run: null,
    runs: [],
    hosts: { hosts: [], keychainIsStrong: true, refused: null },
    supplies: { servers: [], known: [], refused: null },
    events: [],
    decisions: [],
    rehearsals: { running: null, latest: null, editedSince: false, nextAt: null, list: [] },
    channels: { channels: [], refused: null },
    controller: { who: 'this-app', pid: null, since: null },
    settings: { startAtLogin: false, theme: 'system', rehearse: 'weekly', version: '1', dataFolder: '/x' },
  };
  const reader =
    <N extends SliceName>(name: N) =>
    () =>
      slices[name];
  const publisher = new Publisher({
    clock,
    read: {
      status: reader('status'),
      plan: reader('plan'),
      run: reader('run'),
      runs: reader('runs'),
      hosts: reader('hosts'),
      supplies: reader('supplies'),
      events: reader('events'),
      decisions: reader('decisions'),
      rehearsals: reader('rehearsals'),
      channels: reader('channels'),
      controller: reader('controller'),
      settings: reader('settings'),
    },
    hasWindow: () => state.open,
    send: (push) => pushes.push(push),
  });
  const charge = (percent: number) => {
    slices.status = sampleStatus([samplePower({}, percent)]);
    publisher.changed('status');
  };
  return { clock, pushes, state, slices, publisher, charge };
}

test('a change is pushed at once, as a whole slice', () => {
  const { pushes, charge, slices } = publisherWith();
  charge(50);
  expect(pushes).toEqual([{ rev: 1, slices: { status: slices.status } }]);
});

test('however many changes, there are at most 4 pushes a second, and the last one is not lost', async () => {
  const { clock, pushes, charge, publisher } = publisherWith();
  for (let percent = 100; percent > 0; percent -= 1) {
    charge(percent);
    publisher.changed('plan');
    await clock.advance(10);
  }
  await clock.advance(250);
  expect(pushes.length).toBeLessThanOrEqual(5);
  expect(pushes.map((push) => push.rev)).toEqual(pushes.map((_, index) => index + 1));
  expect(pushes.at(-1)?.slices.status?.powers[0]?.reading?.charge).toBe(1);
});

test('what has not really changed is not pushed again', async () => {
  const { clock, pushes, charge, publisher } = publisherWith();
  publisher.snapshot();
  publisher.changed('runs');
  publisher.changed('supplies');
  charge(98);
  await clock.advance(1000);
  expect(pushes).toEqual([]);
});

test('the snapshot has every slice, and each of them is pushed when it changes', async () => {
  const { clock, pushes, publisher, slices } = publisherWith();
  expect(publisher.snapshot().slices).toEqual(slices);
  const event = { at: 1, upsId: 'ups-1', upsName: 'Eaton', kind: 'bypass', sentence: 'On bypass' } as const;
  slices.events = [event];
  slices.supplies = { ...slices.supplies, known: [{ id: 'ups-1', name: 'Eaton', commandsAllowed: false }] };
  publisher.changed('supplies');
  publisher.changed('events');
  await clock.advance(1000);
  expect(pushes.map(({ slices: news }) => Object.keys(news))).toEqual([['supplies'], ['events']]);
});

test('without a window nothing is pushed and no timer runs', async () => {
  const { clock, pushes, charge } = publisherWith(false);
  charge(50);
  expect(clock.pending).toBe(0);
  await clock.advance(1000);
  expect(pushes).toEqual([]);
});

test('a window that closes in between gets nothing more; the next one begins with the snapshot', async () => {
  const { clock, pushes, state, charge, publisher } = publisherWith();
  charge(60);
  charge(50);
  state.open = false;
  await clock.advance(1000);
  expect(pushes).toHaveLength(1);
  charge(40);
  state.open = true;
  const { rev, slices } = publisher.snapshot();
  expect(rev).toBe(1);
  expect(slices.status.powers[0]?.reading?.charge).toBe(40);
  // Back to what the first window was told: news to the second.
  charge(60);
  expect(pushes.at(-1)).toMatchObject({ rev: 2, slices: { status: { powers: [{ reading: { charge: 60 } }] } } });
});
