import { describe, expect, test } from 'vitest';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { refusal } from '../../electron/core/orders.ts';
import { simulatedOffers } from '../../electron/ups/simulated/offers.ts';
import type { Reading } from '../../shared/reading.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import type { Order, UpsCommand } from '../../shared/ups-command.ts';
import { reading, ups } from '../fakes/rack-samples.ts';

const at = (seconds: number): Moment => ({ wall: seconds * 1000, mono: seconds * 1000 });
const full: Partial<Reading> = { acPresent: true, discharging: false, charge: 100, load: 40, runtime: 1800 };
const known = { id: ups.id, name: 'Rack', commandsAllowed: true };

function supply(...what: Partial<Reading>[]): Monitored {
  let one = watch({ ...ups, offers: simulatedOffers }, at(0));
  what.forEach((each, index) => {
    one = observe(one, reading(each), 'poll', at(index + 1));
  });
  return one;
}

const order = (command: UpsCommand, delay: number | null = null): Order => ({ command, delay });
const ask = (
  one: Monitored | undefined,
  what: Order,
  second = 3,
  runGoesOn = false,
  word: KnownSupply | undefined = known,
  othersFail = false,
) => refusal({ upsId: ups.id, order: what, one, known: word }, { runGoesOn, othersFail }, at(second))?.what ?? null;

const outletGroups = [
  { number: 1, name: '', offers: simulatedOffers.filter(({ command }) => command === 'shutdown.return') },
];
const quick = order('test.battery.start.quick');
const deep = order('test.battery.start.deep');

describe('every order', () => {
  const ready = supply(full, full);
  test.each<[string, string | null, RegExp | null]>([
    ['passes when it is allowed and offered', ask(ready, order('beeper.mute')), null],
    ['switching off by hand passes', ask(ready, order('shutdown.return', 60)), null],
    [
      'stopping passes on battery too',
      ask(supply({ acPresent: false }, { acPresent: false }), order('shutdown.stop')),
      null,
    ],
    [
      'not without the word of the user',
      ask(ready, quick, 3, false, { ...known, commandsAllowed: false }),
      /not allowed/,
    ],
    [
      'not for a stranger',
      refusal(
        { upsId: 'x', order: quick, one: ready, known: undefined },
        { runGoesOn: false, othersFail: false },
        at(3),
      )?.what ?? null,
      /not allowed/,
    ],
    ['not for one that was never seen', ask(undefined, quick), /not been seen/],
    ['not for one that is missed', ask({ ...ready, unseen: true }, quick), /not been seen/],
    ['not without contact', ask(ready, quick, 60), /does not answer/],
    ['not what it does not offer', ask({ ...ready, ups }, order('beeper.mute')), /does not take/],
    [
      'not to a group of outlets that it does not know',
      ask(ready, { ...order('shutdown.return', 60), outlet: 1 }),
      /does not take/,
    ],
    [
      'to a group of outlets that can be turned off alone passes',
      ask({ ...ready, ups: { ...ready.ups, outletGroups } }, { ...order('shutdown.return', 60), outlet: 1 }),
      null,
    ],
    [
      'not what only all of it takes to a group of its outlets',
      ask({ ...ready, ups: { ...ready.ups, outletGroups } }, { ...order('shutdown.stop'), outlet: 1 }),
      /does not take/,
    ],
    ['not without the delay that it needs', ask(ready, order('shutdown.return')), /needs a delay/],
    ['not with a delay that it does not take', ask(ready, order('beeper.mute', 3)), /takes no delay/],
  ])('%s', (_, found, expected) => {
    if (expected) expect(found).toMatch(expected);
    else expect(found).toBeNull();
  });
});

describe('a test', () => {
  const battery = { ...full, acPresent: false, discharging: true };
  test.each<[string, Monitored, Order, number, boolean, RegExp | null]>([
    ['passes with a full battery on mains', supply(full, full), quick, 3, false, null],
    ['so does a deep one', supply(full, full), deep, 3, false, null],
    ['not on battery', supply(battery, battery), quick, 3, false, /not known to be on mains/],
    ['not before it has said where its power comes from', supply({}), quick, 3, false, /not known to be on mains/],
    ['not while one sign speaks of battery', supply(full, full, battery), quick, 3, false, /not known to be on mains/],
    ['not during another test', supply(full, full, { ...full, discharging: true }), quick, 4, false, /already/],
    ['not with 99 %', supply({ ...full, charge: 99 }, { ...full, charge: 99 }), quick, 3, false, /99 %/],
    ['quick without a charge', supply({ ...full, charge: null }, { ...full, charge: null }), quick, 3, false, null],
    [
      'deep not without a charge',
      supply({ ...full, charge: null }, { ...full, charge: null }),
      deep,
      3,
      false,
      /not known/,
    ],
    ['deep not without load', supply({ ...full, load: 9 }, { ...full, load: 9 }), deep, 3, false, /under 10 %/],
    ['quick without load', supply({ ...full, load: 9 }, { ...full, load: 9 }), quick, 3, false, null],
    ['not while a run goes on', supply(full, full), quick, 3, true, /run is going on/],
    ['not just after the mains came back', supply(battery, battery, full, full), quick, 5, false, /came back/],
  ])('%s', (_, one, what, second, runs, expected) => {
    const found = ask(one, what, second, runs);
    if (expected) expect(found).toMatch(expected);
    else expect(found).toBeNull();
  });

  test('five minutes after the mains came back it passes', () => {
    let one = supply(battery, battery, full, full);
    one = observe(one, reading(full), 'poll', at(303));
    expect(ask(one, quick, 303)).toMatch(/came back/);
    one = observe(one, reading(full), 'poll', at(304));
    expect(ask(one, quick, 304)).toBeNull();
  });
});
