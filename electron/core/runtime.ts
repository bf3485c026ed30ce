import type { PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';
import { hasRisen } from './anchor.ts';
import { estimatedRuntime, isComparable, learnedRate, presentRate, secondsAt, toldPerSecond } from './learning.ts';
import { isSilent, type Moment, type Monitored } from './monitor.ts';
import { toldRuntime } from './told.ts';

export interface RuntimeLeft {
  /** null: nobody knows. */
  seconds: number | null;
  from: PowerView['runtimeFrom'];
  /** Why what the UPS says is not taken, one sentence; null: it is, or there is nothing. */
  doubt: string | null;
}

interface Known extends RuntimeLeft {
  seconds: number;
}

interface Model {
  seconds: number;
  from: 'learned' | 'estimated';
  /** The most that the UPS itself may say before it is not believed. */
  most: number;
}

/** Seconds after which a value that never changes on battery is frozen. */
export const frozenAfter = 300;
/** A runtime of 0 with more charge than this (percent) is no runtime, unless a countdown led to it. */
const emptyBelow = 20;
/** A runtime that falls so many times as fast as time passes is taken for that much shorter. */
const tooFast = 1.5;
/** More than so many times what this UPS ever did is not believed. */
const tooGood = 2;

const unknown: RuntimeLeft = { seconds: null, from: 'unknown', doubt: null };

/** Seconds of battery left. The UPS's own word counts unless it is missing, or shown to be wrong. */
export function runtimeLeft(one: Monitored, at: Moment): RuntimeLeft {
  if (one.confirmed === 'battery') return onBattery(one, at);
  if (isSilent(one, at) || !one.reading) return unknown;
  const told = toldRuntime(one.reading);
  const model = modelOf(one, at);
  if (told === null) return model ? instead(model, missing) : unknown;
  if (told === 0 && (one.charge?.value ?? 0) > emptyBelow) {
    return model ? instead(model, emptyWith(one)) : { ...unknown, doubt: emptyWith(one) };
  }
  const own: Known = { seconds: told, from: 'reported', doubt: null };
  return least([own, learnedBelow(one, told, model), slowedDown(one, told, 0, at)]);
}

const missing = 'The UPS tells no runtime';

const emptyWith = (one: Monitored): string =>
  `The UPS says 0 s with ${Math.round(one.charge?.value ?? 0)} % of charge, which cannot be`;

const instead = ({ seconds, from }: Model, doubt: string): Known => ({ seconds, from, doubt });

/** None may lengthen what is left on the word of a UPS that contradicts itself; the first one of equals counts. */
const least = (all: readonly (Known | null)[]): Known =>
  all.filter((each) => each !== null).reduce((low, each) => (each.seconds < low.seconds ? each : low));

/** What has taught about its battery: a discharge that goes on is kept as well. */
export const taughtBy = ({ learned, drain }: Monitored): string =>
  learned.some((past) => past.at !== drain?.at) ? 'its earlier discharges' : 'this discharge';

function learnedBelow(one: Monitored, told: number, model: Model | null): Known | null {
  if (model?.from !== 'learned' || told <= model.most) return null;
  if (!isComparable(one.reading?.load ?? null, one.learned)) return null;
  return instead(model, `The UPS says ${duration(told)}, more than twice what ${taughtBy(one)} showed`);
}

/** What the UPS said `age` seconds ago, less as much as its word was too fast; since then our own clock counts. */
function slowedDown(one: Monitored, told: number, age: number, at: Moment): Known | null {
  const speed = toldPerSecond(one.learned, at.wall) ?? 1;
  if (speed < tooFast) return null;
  const doubt = `The UPS says ${duration(told)}, which fell ${speed.toFixed(1)} times as fast as time passed in ${taughtBy(one)}`;
  return { seconds: Math.max(0, told / speed - age), from: 'learned', doubt };
}

function onBattery(one: Monitored, at: Moment): RuntimeLeft {
  const left = inContact(one, at);
  return isSilent(one, at) && left.seconds !== null ? { ...left, from: 'counted-down' } : left;
}

/** As it is while there is contact; without it everything that counts the time since goes on. */
function inContact(one: Monitored, at: Moment): RuntimeLeft {
  const model = modelOf(one, at);
  const told = one.runtime;
  // Its first word is one that may be a report of zeros: a guess in its place would be no better.
  if (!told && one.runtimeFall && !isSilent(one, at)) return unknown;
  if (!told) return withoutWord(one, model, missing, at);
  if (told.value === 0 && told.jumped && (one.charge?.value ?? 0) > emptyBelow)
    return withoutWord(one, model, emptyWith(one), at);
  const age = since(told.mono, at);
  const own = ownWord(one, told.value, age, at);
  // A UPS that was caught is held against everything that was learned, any other one only if it says far too much.
  const learned =
    own.doubt !== null && model?.from === 'learned' ? instead(model, own.doubt) : learnedBelow(one, own.seconds, model);
  return least([own, learned, slowedDown(one, told.value, age, at)]);
}

/** What the UPS says, less the time since: units tell it in steps, and within a step our own clock knows better. */
function ownWord(one: Monitored, told: number, age: number, at: Moment): Known {
  const seconds = Math.max(0, told - age);
  const isFrozen = age > frozenAfter && !isSilent(one, at);
  const frozen = `The UPS has said ${duration(told)} for ${duration(age)}, although the battery empties`;
  const words: Known[] = [
    isFrozen ? { seconds, from: 'counted-down', doubt: frozen } : { seconds, from: 'reported', doubt: null },
  ];
  const { anchor, outset } = one;
  const add = (left: number, than: string) => {
    const doubt = `The UPS says ${duration(told)}, ${than}, although the battery empties`;
    words.push({ seconds: Math.max(0, left), from: 'counted-down', doubt });
  };
  if (anchor && hasRisen(anchor, at)) add(anchor.value - since(anchor.mono, at), 'more than before');
  if (outset && hasRisen(outset, at))
    add(outset.expected - since(outset.mono, at), 'more than can be left of what it said at first');
  return least(words);
}

/** Seconds since a moment. */
const since = (mono: number, at: Moment): number => (at.mono - mono) / 1000;

/** Without a word on battery: what is known of batteries, and once it is silent what it promised on mains. */
function withoutWord(one: Monitored, model: Model | null, doubt: string, at: Moment): RuntimeLeft {
  if (model) return instead(model, doubt);
  if (!isSilent(one, at) || one.promised === null) return { ...unknown, doubt: doubt === missing ? null : doubt };
  const seconds = Math.max(0, one.promised - since(one.onBatteryMono ?? at.mono, at));
  return { seconds, from: 'counted-down', doubt };
}

/** Seconds since the charge last fell on battery; 0 while it is not on battery, or no charge is told. */
export const chargeStands = (one: Monitored, at: Moment): number =>
  one.confirmed === 'battery' && one.ebb ? since(one.ebb.mono, at) : 0;

/** What earlier discharges, or else a cautious rule, give for the charge as it was told last, less the time since. */
function modelOf(one: Monitored, at: Moment): Model | null {
  const charge = one.charge?.value ?? null;
  const load = one.reading?.load ?? null;
  const age = chargeStands(one, at);
  const learned = learnedRate(load, one.learned, at.wall);
  const present = presentRate(one.drain);
  // What it does right now counts before what it did another time, if that is worse.
  const rate = learned === null ? present : Math.max(learned, present ?? 0);
  if (rate !== null && charge !== null) {
    const most = tooGood * Math.max(0, charge / rate - age);
    return { seconds: Math.max(0, secondsAt(charge, rate) - age), from: 'learned', most };
  }
  const estimated = estimatedRuntime(charge, load);
  if (estimated === null) return null;
  return { seconds: Math.max(0, estimated - age), from: 'estimated', most: Number.POSITIVE_INFINITY };
}
