import type { PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';
import { estimatedRuntime, isComparable, learnedRate, secondsAt, toldPerSecond } from './learning.ts';
import { hasRisen, isSilent, type Moment, type Monitored, silentFor, toldRuntime } from './monitor.ts';

export interface RuntimeLeft {
  /** null: nobody knows. */
  seconds: number | null;
  from: PowerView['runtimeFrom'];
  /** Why what the UPS says is not taken, one sentence; null: it is, or there is nothing. */
  doubt: string | null;
}

interface Model {
  seconds: number;
  from: 'learned' | 'estimated';
  /** The most that the UPS itself may say before it is not believed. */
  most: number;
}

/** Seconds: units tell the runtime in steps of up to a minute; within a step our own clock knows better. */
const step = 60;
/** Seconds after which a runtime that never changes is frozen, and is counted down like one without contact. */
const frozenAfter = 300;
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
  if (told === 0 && (one.charge?.value ?? 0) > emptyBelow) return instead(model, emptyWith(one));
  const learned = learnedBelow(one, told, model) ?? slowedDown(one, told, at);
  return learned ?? { seconds: told, from: 'reported', doubt: null };
}

const missing = 'The UPS tells no runtime';

const emptyWith = (one: Monitored): string =>
  `The UPS says 0 s with ${Math.round(one.charge?.value ?? 0)} % of charge, which cannot be`;

const instead = (model: Model | null, doubt: string): RuntimeLeft =>
  model ? { seconds: model.seconds, from: model.from, doubt } : { ...unknown, doubt };

function learnedBelow(one: Monitored, told: number, model: Model | null): RuntimeLeft | null {
  if (model?.from !== 'learned' || told <= model.most) return null;
  if (!isComparable(one.reading?.load ?? null, one.learned)) return null;
  const doubt = `The UPS says ${duration(told)}, more than twice what it did at earlier discharges`;
  return instead(model, doubt);
}

/** What the UPS says, less as much as its word was too fast at earlier discharges. */
function slowedDown(one: Monitored, told: number, at: Moment): RuntimeLeft | null {
  const speed = toldPerSecond(one.learned, at.wall) ?? 1;
  if (speed < tooFast) return null;
  const times = speed.toFixed(1);
  const doubt = `The UPS says ${duration(told)}, which fell ${times} times as fast as time passed at earlier discharges`;
  return { seconds: told / speed, from: 'learned', doubt };
}

function onBattery(one: Monitored, at: Moment): RuntimeLeft {
  const model = modelOf(one, at);
  const silent = isSilent(one, at);
  const told = one.runtime;
  const counted = (left: RuntimeLeft): RuntimeLeft =>
    silent && left.seconds !== null ? { ...left, from: 'counted-down' } : left;
  // Its first word is one that may be a report of zeros: a guess in its place would be no better.
  if (!told && one.runtimeFall) return unknown;
  if (!told) return model ? counted(instead(model, missing)) : unknown;
  if (told.value === 0 && told.jumped && (one.charge?.value ?? 0) > emptyBelow)
    return counted(instead(model, emptyWith(one)));
  const age = (at.mono - told.mono) / 1000;
  const frozen = !silent && age > frozenAfter;
  const own = Math.max(0, told.value - (silent || frozen ? age : Math.min(age, step)));
  const better = learnedBelow(one, own, model) ?? slowedDown(one, own, at);
  if (better) return counted(better);
  if (hasRisen(one.anchor, at)) {
    const { value, mono } = one.anchor;
    const before = Math.max(0, value - (at.mono - mono) / 1000);
    const doubt = `The UPS says ${duration(told.value)}, more than before, although the battery empties`;
    // The lower of the two: neither may lengthen what is left on the word of a UPS that contradicts itself.
    if (model?.from === 'learned' && model.seconds < before) return counted(instead(model, doubt));
    return { seconds: before, from: 'counted-down', doubt };
  }
  if (frozen) {
    const doubt = `The UPS has said ${duration(told.value)} for ${duration(age)}, although the battery empties`;
    if (model?.from === 'learned' && model.seconds < own) return instead(model, doubt);
    return { seconds: own, from: 'counted-down', doubt };
  }
  return { seconds: own, from: silent ? 'counted-down' : 'reported', doubt: null };
}

/** What earlier discharges, or else a cautious rule, give for the charge as it was told last, less the time since. */
function modelOf(one: Monitored, at: Moment): Model | null {
  const charge = one.charge?.value ?? null;
  const load = one.reading?.load ?? null;
  const silence = silentFor(one, at) / 1000;
  const rate = learnedRate(load, one.learned, at.wall);
  if (rate !== null && charge !== null) {
    const most = tooGood * Math.max(0, charge / rate - silence);
    return { seconds: Math.max(0, secondsAt(charge, rate) - silence), from: 'learned', most };
  }
  const estimated = estimatedRuntime(charge, load);
  if (estimated === null) return null;
  return { seconds: Math.max(0, estimated - silence), from: 'estimated', most: Number.POSITIVE_INFINITY };
}
