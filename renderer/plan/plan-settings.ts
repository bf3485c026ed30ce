import { assertNever } from '../../shared/assert-never.ts';
import type { Sequence, Shed } from '../../shared/sequence.ts';
import { count } from '../parts/format.ts';

/** What holds for the plan as a whole. */
export type PlanSettings = Pick<Sequence, 'scope' | 'faultTolerance' | 'shed' | 'parameters'>;

/** Every measure, in the order in which a new plan has them. */
export const sheds: readonly Shed[] = ['skip-optional', 'shorten-limits', 'force'];

export function shedWords(measure: Shed): string {
  switch (measure) {
    case 'skip-optional':
      return 'leave out optional steps';
    case 'shorten-limits':
      return 'give up what takes longer than usual';
    case 'force':
      return 'force off at once the guests that may be forced';
    default:
      return assertNever(measure, 'measure');
  }
}

export function scopeSentence({ scope, faultTolerance }: PlanSettings): string {
  const who = scope === 'all' ? 'the whole rack' : 'only the hosts that lose their power, and what depends on them';
  if (!faultTolerance) return `${who}.`;
  const beyond =
    faultTolerance.beyond === 'all' && scope === 'critical' ? '; for the whole rack when more have failed' : '';
  return `${who}; ${count(faultTolerance.level, 'UPS', 'UPSes')} may fail${beyond}.`;
}

export function shedSentence(shed: readonly Shed[]): string {
  return shed.length === 0
    ? 'nothing is given up: the run goes on as it is until the battery is empty.'
    : `${shed.map(shedWords).join(', then ')}.`;
}

export function parametersSentence(parameters: PlanSettings['parameters']): string {
  const all = Object.entries(parameters).map(([name, value]) => `${name} is ${value === '' ? 'empty' : value}`);
  return all.length === 0 ? 'none.' : `${all.join(', ')}.`;
}

/** @returns the order with the measure switched on, as the last, or off */
export const withShed = (shed: readonly Shed[], measure: Shed, isOn: boolean): Shed[] =>
  isOn ? [...shed.filter((each) => each !== measure), measure] : shed.filter((each) => each !== measure);
