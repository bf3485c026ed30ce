import { FaultError } from '../../../shared/fault.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';
import { calledOff } from '../../../shared/turning-off.ts';
import {
  delayOfAtLeast,
  type Offer,
  type Order,
  offersTo,
  type UpsCommand,
  withOutlet,
} from '../../../shared/ups-command.ts';
import { duration } from '../../../shared/words.ts';
import type {
  CheckContext,
  Countdown,
  OrderedUps,
  Probe,
  StepActions,
  StepContext,
  UpsOrders,
} from '../../core/ports.ts';
import { looked } from '../checks/check.ts';
import { pause } from '../pause.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { stepOf, type TargetDeps, tellOrUnknown } from './deps.ts';

type UpsOff = Extract<Step, { kind: 'ups-off' }>;
type Counting = Extract<Countdown, { state: 'counting' }>;
type Deps = Pick<TargetDeps, 'clock' | 'orders'>;

/** Milliseconds after which a UPS that took the command and shows no countdown is believed. */
const believeAfter = 20_000;

/** Times that a UPS which was lost with its answer is asked for its countdown, and milliseconds between two. */
const looksAfterLoss = 10;
const lookEvery = 1000;

/** Times that it is asked after it took a stop: what is known of its countdown may be a poll old. */
const looksAfterStop = 8;

/** What has taken a stop since this process told it to turn off, if it did. */
type Stopped = Set<string>;
const keyOf = ({ ups, outlet }: UpsOff): string => JSON.stringify([ups, outlet]);

/** What a UPS took. */
interface Taken {
  /** When, in monotonic ms. */
  at: number;
  /** What it said to that. */
  sentence: string;
}

/**
 * Tells a UPS, or one group of its outlets, to turn off after a delay. The proof is the countdown that it shows; a UPS
 * that shows none is believed, a group never. A second command could start the countdown anew, so none is sent while one
 * runs, or may run.
 */
export function upsOff(deps: Deps): StepActions {
  const { clock, orders } = deps;
  const memory = new StepMemory<Taken>();
  const stopped: Stopped = new Set();

  /** After a restart of Glidepath only the journal knows that it took the command. */
  const recall = (context: StepContext): Taken | undefined => {
    const sentence = ownData(context)?.sentence;
    const known = memory.get(context);
    if (known || typeof sentence !== 'string') return known;
    return memory.set(context, { at: clock.monotonic(), sentence });
  };

  const probe = async (context: StepContext): Promise<Probe> => {
    const step = stepOf(context, 'ups-off');
    const taken = recall(context);
    if (taken && context.isCancelled())
      return { state: 'done', proof: `called off again: ${await stop(deps, step, stopped)}`, data: calledOff };
    const seen = await orders.countdown(step.ups, step.outlet);
    switch (seen.state) {
      case 'counting':
        return { state: 'done', proof: countingWords(seen), ...(!taken && { data: counted(seen, clock.now()) }) };
      case 'off':
        return { state: 'done', proof: 'its outlets are off' };
      case 'none':
      case 'not-told':
        if (taken) return step.outlet === null ? believed(taken, clock.monotonic()) : notBelieved;
        if (seen.state === 'none') return { state: 'not-done', seen: 'no countdown runs' };
        return { state: 'unknown', fault: inDoubt(whatOf(orders, step)) };
    }
  };

  return {
    proveEvery: lookEvery,
    probe: (context) => tellOrUnknown(context, () => probe(context)),
    async act(context) {
      const step = stepOf(context, 'ups-off');
      const { name, command, delay } = orderFor(orders, step);
      stopped.delete(keyOf(step));
      let sentence: string;
      try {
        sentence = await orders.give(step.ups, orderTo(step, command, delay));
      } catch (error) {
        if (!(error instanceof FaultError) || error.fault.code !== 'ups-lost') throw error;
        sentence = await foundCounting(deps, context, error);
      }
      memory.set(context, { at: clock.monotonic(), sentence });
      return { ups: name, sentence: sentence.slice(0, 1000), delay, offAt: clock.now() + delay * 1000 };
    },
    undo: (step) => stop(deps, stepOf({ step }, 'ups-off'), stopped),
    check: (context) => checks(deps, context),
    would: (step) => wouldSend(orders, stepOf({ step }, 'ups-off')),
  };
}

const countingWords = ({ seconds }: Counting): string =>
  seconds === null ? 'it counts down to turning off' : `it turns off in ${duration(seconds)}`;

/** Until when it counts, for who has no word of it from the act. */
const counted = ({ seconds }: Counting, now: number): StepData =>
  seconds === null ? {} : { delay: seconds, offAt: now + seconds * 1000 };

/** A group is taken only of a UPS that shows its countdown. */
const notBelieved: Probe = { state: 'not-done', seen: 'it took the command, and no countdown of that group runs' };

function believed({ at, sentence }: Taken, now: number): Probe {
  if (now - at < believeAfter) return { state: 'not-done', seen: 'it took the command, and shows no countdown yet' };
  return { state: 'done', proof: `it took the command, and shows no countdown: ${sentence}` };
}

/**
 * A UPS that was lost with its answer may count all the same: one that does has taken the command.
 * @throws `lost` when it does not show that
 */
async function foundCounting({ clock, orders }: Deps, context: StepContext, lost: FaultError): Promise<string> {
  const { ups, outlet } = stepOf(context, 'ups-off');
  for (let look = 0; look < looksAfterLoss && !context.signal.aborted; look += 1) {
    await pause(clock, lookEvery, context.signal);
    const seen = await orders.countdown(ups, outlet).catch(() => null);
    if (seen?.state === 'counting') return countingWords(seen);
  }
  throw lost;
}

/**
 * Stops its countdown. That it shows none proves nothing before it has taken a stop: a server knows one that has just
 * begun only after its next look at the UPS. @throws FaultError it may still turn off
 */
async function stop({ clock, orders }: Deps, step: UpsOff, stopped: Stopped): Promise<string> {
  const { ups, outlet } = step;
  const name = whatOf(orders, step);
  const before = await orders.countdown(ups, outlet);
  if (before.state === 'none' && stopped.has(keyOf(step))) return `${name} counts nothing down`;
  if (before.state === 'off')
    throw fault('refused', name, 'its outlets are off already', 'Switch it on again by hand.');
  let sentence: string;
  try {
    sentence = await orders.give(ups, orderTo(step, 'shutdown.stop', null));
  } catch (error) {
    const isRefused = error instanceof FaultError && ['refused', 'ups-refused'].includes(error.fault.code);
    if (before.state === 'none' && isRefused) return `${name} counts nothing down`;
    throw error;
  }
  stopped.add(keyOf(step));
  for (let look = 0; look < looksAfterStop; look += 1) {
    if ((await orders.countdown(ups, outlet)).state !== 'counting') return `${name}: ${sentence}`;
    await new Promise<void>((resolve) => clock.after(lookEvery, resolve));
  }
  throw fault('ups-refused', name, 'it took the stop, and still counts down', 'Stop it at the UPS itself.');
}

interface OrderFor {
  name: string;
  command: UpsCommand;
  /** Seconds, as the device will really keep them: never fewer than were asked for. */
  delay: number;
}

/** @throws FaultError why it cannot be told that */
function orderFor(orders: UpsOrders, step: UpsOff): OrderFor {
  const found = foundUps(orders, step);
  const { name, allowed } = found;
  if (!allowed) throw fault('refused', name, 'commands are not allowed for it', 'Allow them for this UPS under Setup.');
  const { command } = commandOf(step);
  const offers = offersTo(found, step.outlet);
  if (step.outlet !== null && offers.length === 0) {
    const what = `nothing is known that turns off its outlets of group ${step.outlet} alone`;
    throw fault('refused', name, what, 'Let the step turn off all of it.');
  }
  const offer = offers.find((each) => each.command === command);
  if (!offer) throw fault('ups-refused', name, `it does not take "${command}"`, 'Let the step do what the UPS offers.');
  return { name: withOutlet(name, step.outlet), command, delay: keptDelay(offer, step, name) };
}

/** @throws FaultError `refused` when the device would turn off sooner than was asked for */
function keptDelay(offer: Offer, step: UpsOff, name: string): number {
  const delay = offer.delay && delayOfAtLeast(offer.delay, step.delay);
  if (delay !== null) return delay;
  const what =
    offer.delay === null
      ? 'it does not say after how long it turns off'
      : `it cannot wait for ${duration(step.delay)} before it turns off`;
  throw fault('refused', name, what, 'Give the step a delay that this UPS keeps.');
}

function foundUps(orders: UpsOrders, step: UpsOff): OrderedUps {
  const found = orders.find(step.ups);
  if (found) return found;
  throw fault('ups-lost', step.ups, 'it has not been found, or does not answer', 'Connect it, or choose another UPS.');
}

/** What the step turns off, by name. */
const whatOf = (orders: UpsOrders, { ups, outlet }: UpsOff): string =>
  withOutlet(orders.find(ups)?.name ?? ups, outlet);

const orderTo = ({ outlet }: UpsOff, command: UpsCommand, delay: number | null): Order => ({
  command,
  delay,
  ...(outlet !== null && { outlet }),
});

const commandOf = ({ returns }: UpsOff): { command: UpsCommand; after: string } =>
  returns
    ? { command: 'shutdown.return', after: 'and on again when the mains are back' }
    : { command: 'shutdown.stayoff', after: 'and it stays off' };

function wouldSend(orders: UpsOrders, step: UpsOff): string {
  return `turn off ${whatOf(orders, step)} after ${duration(step.delay)}, ${commandOf(step).after}`;
}

/** What a rehearsal looks at: it is there, and would be told. Nothing is sent to it. */
async function checks({ clock, orders }: Deps, context: CheckContext) {
  const step = stepOf(context, 'ups-off');
  const reach = await looked(clock, context, 'reach', async () => `${foundUps(orders, step).name} answers`);
  if (reach.verdict !== 'ready') return [reach];
  const privilege = await looked(clock, context, 'privilege', async () => {
    const { delay } = orderFor(orders, step);
    return `commands are allowed, and it keeps a delay of ${duration(delay)}`;
  });
  return [reach, privilege];
}

const inDoubt = (where: string) =>
  fault(
    'state-unknown',
    where,
    'it does not show whether it counts down to turning off',
    'Look at the UPS: if it has been told already, it turns off.',
  ).fault;

const fault = (
  code: 'refused' | 'ups-lost' | 'ups-refused' | 'state-unknown',
  where: string,
  what: string,
  remedy: string,
) => new FaultError({ code, what, where, remedy });
