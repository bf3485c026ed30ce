import type { RunCause } from '../../shared/run-record.ts';
import type { Triggers } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import { type Moment, type Monitored, powerState, runtimeLeft, silentFor } from './monitor.ts';

/** Ms without contact on battery after which a UPS that never told its runtime counts as low (NUT's DEADTIME). */
const deadTime = 15_000;
/** Seconds on battery before a low runtime or charge counts: on a small battery every flicker would be one. */
const settle = 5;
/** Ms on battery after which a UPS that tells neither runtime nor charge counts as low: nothing else can warn us. */
const blindTime = 60_000;

export interface Verdict {
  /** Why a run should start now; null: not now. */
  fire: RunCause | null;
  /** Seconds until it would, as far as can be foreseen. */
  startsIn: number | null;
  /** Why, or why not, with the numbers. */
  sentence: string;
}

interface Sign {
  cause: RunCause;
  /** Seconds until it fires; 0: now. */
  in: number;
  sentence: string;
}

/** Seconds of runtime at which a run must start. */
export function startAt(triggers: Triggers, needs: number): number {
  return Math.max(needs * triggers.runtime.factor, triggers.runtime.floor);
}

/** Judges every UPS that is on battery; the most urgent sign decides. */
export function judge(supplies: readonly Monitored[], triggers: Triggers, needs: number, at: Moment): Verdict {
  const failing = supplies.filter((one) => one.confirmed === 'battery');
  if (failing.length === 0) return { fire: null, startsIn: null, sentence: onMains(supplies, triggers, needs, at) };
  const signs = failing.flatMap((one) => signsOf(one, triggers, needs, at)).sort((a, b) => a.in - b.in);
  const first = signs[0];
  if (!first) return { fire: null, startsIn: null, sentence: 'On battery, and no trigger is switched on' };
  if (first.in <= 0) return { fire: first.cause, startsIn: 0, sentence: first.sentence };
  return { fire: null, startsIn: first.in, sentence: `Starts in ${duration(first.in)}: ${first.sentence}` };
}

function onMains(supplies: readonly Monitored[], triggers: Triggers, needs: number, at: Moment): string {
  if (supplies.length === 0) return 'No UPS is connected: an outage would not be seen';
  if (supplies.every((one) => one.confirmed === 'unknown'))
    return 'Waiting for the UPS to say where the power comes from';
  const lost = supplies.find((one) => powerState(one, at) === 'lost-contact');
  if (lost) return `No answer from ${lost.ups.name}; it was on mains, so nothing is started`;
  const left = supplies.map((one) => runtimeLeft(one, at).seconds).filter((seconds) => seconds !== null);
  if (left.length === 0 || !triggers.runtime.enabled) return 'On mains';
  const spare = Math.min(...left) - startAt(triggers, needs);
  return spare > 0
    ? `If the power failed now, the run would start after ${duration(spare)}`
    : 'If the power failed now, the run would start at once: the battery lasts no longer than the plan needs';
}

/** The user wants a run by runtime or charge, and the UPS tells nothing by which it could be judged. */
function isBlind({ runtime, charge, onBattery }: Triggers, left: number | null, percent: number | null): boolean {
  if (onBattery.enabled || (!runtime.enabled && !charge.enabled)) return false;
  return !(runtime.enabled && left !== null) && !(charge.enabled && percent !== null);
}

function signsOf(one: Monitored, triggers: Triggers, needs: number, at: Moment): Sign[] {
  const signs: Sign[] = [];
  const left = runtimeLeft(one, at).seconds;
  const silent = silentFor(one, at);
  // Without contact the charge is old, and only the countdown goes on.
  const charge = silent > 0 ? null : (one.charge?.value ?? null);
  const onBattery = (at.mono - (one.onBatteryMono ?? at.mono)) / 1000;
  const add = (cause: RunCause, inSeconds: number, sentence: string) => signs.push({ cause, in: inSeconds, sentence });

  if (powerState(one, at) === 'low') add('low-battery', 0, `${one.ups.name} says that its battery is low`);
  const soonest = settle - onBattery;
  if ((triggers.runtime.enabled || silent > 0) && left !== null) {
    const limit = startAt(triggers, needs);
    const counted = silent > 0 ? ' (counted down, no contact)' : '';
    add(
      'runtime',
      Math.max(soonest, left - limit),
      `the battery lasts ${duration(left)}${counted} and the plan must start at ${duration(limit)} (it needs ${duration(needs)}, times ${triggers.runtime.factor}, at least ${duration(triggers.runtime.floor)})`,
    );
  }
  if (triggers.charge.enabled && charge !== null) {
    const floor = triggers.charge.percent;
    // Foreseen by the share of the runtime that is left above the floor; without a runtime nothing is foreseen.
    const foreseen = left === null || charge === 0 ? Number.MAX_SAFE_INTEGER : (left * (charge - floor)) / charge;
    add(
      'charge',
      charge <= floor ? soonest : Math.max(1, foreseen),
      `the charge is ${Math.round(charge)} % and the floor is ${floor} %`,
    );
  }
  if (triggers.onBattery.enabled) {
    add(
      'on-battery',
      triggers.onBattery.seconds - onBattery,
      `on battery for ${duration(onBattery)} of ${duration(triggers.onBattery.seconds)}`,
    );
  }
  if (left === null && silent > 0) {
    add(
      'low-battery',
      (deadTime - silent) / 1000,
      `no answer for ${duration(silent / 1000)} on battery, and the runtime was never told`,
    );
  }
  if (silent === 0 && isBlind(triggers, left, charge)) {
    add(
      'on-battery',
      blindTime / 1000 - onBattery,
      `on battery for ${duration(onBattery)}, and ${one.ups.name} tells nothing by which it could be judged`,
    );
  }
  return signs.filter((sign) => sign.in < Number.MAX_SAFE_INTEGER);
}
