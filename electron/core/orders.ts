import type { Fault } from '../../shared/fault.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import { type Order, offersTo } from '../../shared/ups-command.ts';
import { duration } from '../../shared/words.ts';
import { isSilent, type Moment, type Monitored } from './monitor.ts';

export interface Asked {
  upsId: string;
  order: Order;
  /** What is known of the UPS; undefined: it was never seen. */
  one: Monitored | undefined;
  /** The user's word on it. */
  known: KnownSupply | undefined;
}

/** Seconds after the mains came back in which the battery is left alone. */
const rest = 300;
/** Percent of load under which a calibration tells nothing (apcupsd's rule). */
const leastLoad = 10;

/** What goes on besides. */
export interface Around {
  runGoesOn: boolean;
  /** Another UPS is on battery: this one may have to carry its hosts. */
  othersFail: boolean;
}

/**
 * Why our own rules do not let an order pass; null: they do. An order that takes the power away is let pass here: the
 * user has been asked about it before, in words that name the UPS.
 */
export function refusal(asked: Asked, around: Around, at: Moment): Fault | null {
  const { one, known, order } = asked;
  const where = one?.ups.name ?? known?.name ?? asked.upsId;
  const no = (what: string, remedy: string): Fault => ({ code: 'refused', what, where, remedy });
  if (!one || one.unseen) return no('it has not been seen since Glidepath started', 'Connect it first.');
  if (known?.commandsAllowed !== true)
    return no(
      'commands are not allowed for it',
      'Allow commands for this UPS under Setup, if you want to send it one.',
    );
  if (isSilent(one, at)) return no('it does not answer', 'Wait until it answers again.');
  const offer = offersTo(one.ups, order.outlet ?? null).find((each) => each.command === order.command);
  if (!offer) return no(`it does not take the command "${order.command}"`, 'Choose one that it offers.');
  if ((offer.delay === null) !== (order.delay === null)) {
    const what = offer.delay ? `"${order.command}" needs a delay` : `"${order.command}" takes no delay`;
    return no(what, 'Give the command as the UPS offers it.');
  }
  const isTest = order.command.startsWith('test.battery.start');
  return isTest ? refusedTest(asked, one, around, at, no) : null;
}

type No = (what: string, remedy: string) => Fault;

/** A test drains the battery: it must be full, not needed just now, and the load such that the test tells something. */
function refusedTest(
  { order, known }: Asked,
  one: Monitored,
  { runGoesOn, othersFail }: Around,
  at: Moment,
  no: No,
): Fault | null {
  const { reading } = one;
  const later = 'Test it another time.';
  if (runGoesOn) return no('a run is going on, and it needs the battery', later);
  if (othersFail) return no('another UPS is on battery, and this one may have to carry its hosts', later);
  if (known?.dischargeIsOutage === true)
    return no('you have said that it is on battery whenever it discharges: a test would start a shutdown', later);
  if (one.confirmed !== 'mains' || one.evidence !== null)
    return no('it is not known to be on mains: a test would drain what is needed', later);
  if (reading?.testing === true || reading?.discharging === true) return no('it is testing its battery already', later);
  if (reading?.overload === true || reading?.bypass === true || reading?.outputOff === true)
    return no('it is overloaded, on bypass or switched off', later);
  const back = one.backMono === null ? Number.POSITIVE_INFINITY : (at.mono - one.backMono) / 1000;
  if (back < rest) {
    const what = `the mains came back ${duration(back)} ago, and may fail again: the battery rests for ${duration(rest)}`;
    return no(what, later);
  }
  const charge = one.charge?.value ?? null;
  if (charge !== null && charge < 100)
    return no(`its battery holds ${Math.round(charge)} %, and a test begins with a full one`, 'Wait until it is full.');
  if (!order.command.endsWith('deep')) return null;
  if (charge === null)
    return no('its charge is not known, and a deep test drains it to a quarter', 'Use the quick test.');
  const load = reading?.load ?? null;
  if (load !== null && load < leastLoad)
    return no(`its load is ${Math.round(load)} %: under ${leastLoad} % a deep test tells nothing`, 'Load it more.');
  return null;
}
