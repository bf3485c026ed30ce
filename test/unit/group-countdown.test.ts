import { expect, test } from 'vitest';
import { groupCountdownOf } from '../../electron/core/countdown.ts';
import type { Countdown } from '../../electron/core/ports.ts';
import { detailsOf } from '../../electron/ups/nut/details.ts';

const counted = (group: Record<string, string>): Countdown => {
  const rest = { 'ups.status': 'OL OFF', 'ups.timer.shutdown': '50', 'outlet.group.2.timer.shutdown': '40' };
  const own = Object.entries(group).map(([name, value]): [string, string] => [`outlet.group.1.${name}`, value]);
  return groupCountdownOf(detailsOf('nut:x', 0, new Map([...Object.entries(rest), ...own])), 1);
};

test.each<[string, Record<string, string>, Countdown]>([
  ['counts', { 'timer.shutdown': '88', status: 'on' }, { state: 'counting', seconds: 88 }],
  ['counts no more once it is off', { 'timer.shutdown': 'CountdownExpired', status: 'off' }, { state: 'off' }],
  ['was off before', { 'timer.shutdown': '-1', status: 'Off' }, { state: 'off' }],
  ['counts nothing, in words', { 'timer.shutdown': 'NotActive', status: 'on' }, { state: 'none' }],
  ['counts nothing, as -1', { 'timer.shutdown': '-1', status: 'on' }, { state: 'none' }],
  ['counts nothing, as 0', { 'timer.shutdown': '0', status: 'on' }, { state: 'none' }],
  ['counts nothing, as all ones', { 'timer.shutdown': '65535', status: 'on' }, { state: 'none' }],
  ['counts for longer than can be', { 'timer.shutdown': '2147483647' }, { state: 'none' }],
  ['shows no countdown', { status: 'on' }, { state: 'not-told' }],
  ['says nothing', {}, { state: 'not-told' }],
])('a group of outlets that %s, whatever the others and all of the UPS do', (_, group, expected) => {
  expect(counted(group)).toEqual(expected);
});
