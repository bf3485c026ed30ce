import { assertNever } from '../../../shared/assert-never.ts';
import { type Offer, type Order, realDelay } from '../../../shared/ups-command.ts';
import type { Clock } from '../../core/ports.ts';
import { upsFault } from '../net/server-fault.ts';
import { shown } from '../net/text.ts';
import { delayOf, delayVariable } from './offers.ts';
import { Refusal, type Talk } from './talk.ts';
import { readingOf, type Variables } from './variables.ts';

/** Milliseconds between two looks, and how many: drivers poll their device every 2 s, some every 5 s. */
const lookEvery = 1000;
const looks = 10;

/** One UPS of a server, as an order needs it. */
export interface Ordered {
  /** As in ups.conf. */
  name: string;
  /** For faults. */
  where: string;
  offers: readonly Offer[];
  /** Reads all its variables anew. */
  read(): Promise<Variables>;
}

/**
 * Sends an order and reads back what became of it. Resolves with one sentence.
 * @throws FaultError `ups-refused`; whatever ends the conversation
 */
export async function giveOrder(talk: Talk, clock: Clock, ups: Ordered, order: Order): Promise<string> {
  const offer = ups.offers.find((one) => one.command === order.command);
  if (!offer) throw refused(ups, `It does not take the command ${order.command}.`);
  try {
    if (offer.delay && order.delay !== null) await setDelay(talk, clock, ups, realDelay(offer.delay, order.delay));
    await accepted(talk, clock, ups, await talk.ask('INSTCMD', ups.name, order.command));
    return await proven(clock, ups, order);
  } catch (error) {
    if (error instanceof Refusal) throw refused(ups, `The server refused ${order.command}: ${error.code}.`);
    throw error;
  }
}

/** The driver keeps one delay for all shutdown commands: it is written only if it is another, and then read back. */
async function setDelay(talk: Talk, clock: Clock, ups: Ordered, wanted: number): Promise<void> {
  if (delayOf(await ups.read()) === wanted) return;
  await accepted(talk, clock, ups, await talk.ask('SET', 'VAR', ups.name, delayVariable, String(wanted)));
  const kept = await look(clock, ups, (all) => (delayOf(all) === wanted ? wanted : null));
  if (kept === null) throw refused(ups, `It did not keep the delay of ${wanted} s, so the command was not sent.`);
}

/** `OK` means that the driver was told; with tracking it says later what came of it. */
async function accepted(talk: Talk, clock: Clock, ups: Ordered, answer: readonly string[]): Promise<void> {
  if (answer[0] !== 'OK') throw refused(ups, `The server answered "${shown(answer.join(' '), 100)}".`);
  if (answer[1] !== 'TRACKING' || answer[2] === undefined) return;
  for (let turn = 0; turn < looks; turn += 1) {
    const [state] = await talk.ask('GET', 'TRACKING', answer[2]);
    if (state === 'SUCCESS') return;
    if (state !== 'PENDING') throw refused(ups, `The driver answered "${shown(state ?? '', 100)}".`);
    await new Promise<void>((resolve) => clock.after(lookEvery, resolve));
  }
  throw refused(ups, `The driver has not said within ${(looks * lookEvery) / 1000} s what came of it.`);
}

/** Looks until `found` has something to say; null when it never has. */
async function look<T>(clock: Clock, ups: Ordered, found: (all: Variables) => T | null): Promise<T | null> {
  for (let turn = 0; turn < looks; turn += 1) {
    if (turn > 0) await new Promise<void>((resolve) => clock.after(lookEvery, resolve));
    const what = found(await ups.read());
    if (what !== null) return what;
  }
  return null;
}

async function proven(clock: Clock, ups: Ordered, order: Order): Promise<string> {
  const said = await look(clock, ups, (all) => effect(order, all));
  if (said !== null) return said;
  throw refused(ups, `It took ${order.command}, but ${(looks * lookEvery) / 1000} s later there is no sign of it.`);
}

/** What shows that the order has its effect; null: not yet. A UPS without the variable that would show it is believed. */
function effect({ command }: Order, all: Variables): string | null {
  switch (command) {
    case 'shutdown.return':
      return outlets(all, 'on again when the mains are back');
    case 'shutdown.stayoff':
      return outlets(all, 'and off it stays');
    case 'shutdown.stop':
      return readingOf('', 0, all).offIn === null ? 'No countdown runs any more.' : null;
    case 'beeper.enable':
      return beeper(all, ['enabled'], 'Its beeper is on.');
    case 'beeper.disable':
      return beeper(all, ['disabled'], 'Its beeper is off.');
    case 'beeper.mute':
      return beeper(all, ['muted', 'disabled'], 'Its beeper is silent for now.');
    case 'test.battery.start.quick':
    case 'test.battery.start.deep':
      return 'It has taken the command to test its battery.';
    case 'test.battery.stop':
      return 'It has taken the command to stop the test.';
    default:
      return assertNever(command, 'command');
  }
}

function outlets(all: Variables, then: string): string | null {
  const { offIn, outputOff } = readingOf('', 0, all);
  if (!all.has('ups.timer.shutdown')) {
    const delay = delayOf(all);
    const after = delay === null ? 'after a delay that it does not tell' : `${delay} s after the command`;
    return `It switches its outlets off ${after}, ${then}. It does not show its countdown.`;
  }
  if (offIn !== null) return `It switches its outlets off in ${offIn} s, ${then}.`;
  // A countdown so short that it is over shows in the status alone.
  return outputOff === true ? `It has switched its outlets off, ${then}.` : null;
}

function beeper(all: Variables, wanted: string[], sentence: string): string | null {
  const state = all.get('ups.beeper.status');
  if (state === undefined) return `${sentence} (It does not say so itself.)`;
  return wanted.includes(state.trim().toLowerCase()) ? sentence : null;
}

const refused = (ups: Ordered, what: string) =>
  upsFault(
    'ups-refused',
    ups.where,
    what,
    'Check the rights of the user in upsd.users (instcmds, actions = SET) and the log of the server.',
  );
