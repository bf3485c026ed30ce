import { expect, test } from 'vitest';
import type { PowerView } from '../../shared/view.ts';
import { worstPower } from '../../shared/worst-power.ts';
import { samplePower } from '../fakes/status.ts';

const power = (name: string, patch: Partial<PowerView>): PowerView => {
  const base = samplePower(patch);
  return { ...base, ups: { ...base.ups, name } };
};

test.each<[string, PowerView[], string]>([
  ['low before all', [power('a', { state: 'lost-contact', onBatterySince: 5 }), power('b', { state: 'low' })], 'b'],
  [
    'silent on battery before one that tells',
    [power('a', { state: 'battery' }), power('b', { state: 'lost-contact', onBatterySince: 5 })],
    'b',
  ],
  ['battery before silent on mains', [power('a', { state: 'lost-contact' }), power('b', { state: 'battery' })], 'b'],
  ['silent before not known', [power('a', { state: 'unknown' }), power('b', { state: 'lost-contact' })], 'b'],
  ['not known before mains', [power('a', {}), power('b', { state: 'unknown' })], 'b'],
  [
    'of two on battery the one that lasts shorter',
    [power('a', { state: 'battery', runtimeLeft: 900 }), power('b', { state: 'battery', runtimeLeft: 90 })],
    'b',
  ],
  ['of two alike the first', [power('a', {}), power('b', {})], 'a'],
])('%s', (_, powers, expected) => {
  expect(worstPower(powers)?.ups.name).toBe(expected);
});

test('of none there is none', () => {
  expect(worstPower([])).toBeNull();
});
