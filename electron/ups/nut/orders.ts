import { assertNever } from '../../../shared/assert-never.ts';
import { toFault } from '../../../shared/fault.ts';
import { cutsPower, type Offered, type Order, offersTo, realDelay } from '../../../shared/ups-command.ts';
import type { Clock } from '../../core/ports.ts';
import { upsFault } from '../net/server-fault.ts';
import { delayOf } from './offers.ts';
import { countdownIn, isOff, type Scope, scopeOf } from './scope.ts';
import { Refusal, type Talk } from './talk.ts';
import type { Variables } from './variables.ts';

/** Milliseconds between two looks, and how many: drivers poll their device every 2 s, some every 5 s. */
const lookEvery = 1000;
const looks = 10;

/** One UPS of a server, as an order needs it. */
export interface Ordered {
  /** As in ups.conf. */
  name: string;
  /** For faults. */
  where: string;
  offered: Offered;
  /** Reads all its variables anew. */
  read(): Promise<Variables>;
}

/**
 * Sends an order and reads back what became of it. Resolves with one sentence. Once the server has taken the order,
 * nothing that fails makes it undone: then the sentence says that it is not proven.
 * @throws FaultError `ups-refused`; before the order was taken, whatever ends the conversation
 */
export async function giveOrder(talk: Talk, clock: Clock, ups: Ordered, order: Order): Promise<string> {
  const scope = scopeOf(order.outlet ?? null);
  const offer = offersTo(ups.offered, order.outlet ?? null).find((one) => one.command === order.command);
  if (!offer) throw refused(ups, `It does not take the command ${order.command}.`);
  try {
    if (offer.delay && order.delay !== null)
      await setDelay(talk, clock, ups, scope, realDelay(offer.delay, order.delay));
    const answer = await talk.ask('INSTCMD', ups.name, `${scope.prefix}${order.command}`);
    requireOk(ups, answer);
    return await outcome(talk, clock, ups, order, answer);
  } catch (error) {
    if (error instanceof Refusal) throw refused(ups, `The server refused ${order.command}: ${error.code}.`);
    throw error;
  }
}

/**
 * The driver keeps one delay for all shutdown commands of a scope: it is written only if it is another, and then read
 * back.
 */
async function setDelay(talk: Talk, clock: Clock, ups: Ordered, scope: Scope, wanted: number): Promise<void> {
  if (delayOf(await ups.read(), scope) === wanted) return;
  const answer = await talk.ask('SET', 'VAR', ups.name, scope.delay, String(wanted));
  requireOk(ups, answer);
  const why = await untold(talk, clock, answer);
  if (why !== null) throw refused(ups, `Of the delay of ${wanted} s, ${why}. The command was not sent.`);
  const kept = await look(clock, ups, (all) => (delayOf(all, scope) === wanted ? wanted : null));
  if (kept === null) throw refused(ups, `It did not keep the delay of ${wanted} s, so the command was not sent.`);
}

function requireOk(ups: Ordered, answer: readonly string[]): void {
  if (answer[0] !== 'OK') throw refused(ups, 'The server answered something else than yes or no.');
}

/**
 * `OK` means that the driver was told; with tracking it says later what came of it.
 * @returns why that is not known; null: it is done, or nobody tracks it
 * @throws Refusal when the driver said no
 */
async function untold(talk: Talk, clock: Clock, [, word, id]: readonly string[]): Promise<string | null> {
  if (word !== 'TRACKING' || id === undefined) return null;
  try {
    for (let turn = 0; turn < looks; turn += 1) {
      const [state] = await talk.ask('GET', 'TRACKING', id);
      if (state === 'SUCCESS') return null;
      if (state !== 'PENDING') return 'the server answered nothing that says what came of it';
      await new Promise<void>((resolve) => clock.after(lookEvery, resolve));
    }
    return `the driver has not said within ${(looks * lookEvery) / 1000} s what came of it`;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'FAILED' || error.code === 'INVALID-ARGUMENT') throw error;
    return `the server does not say what came of it (${error.code})`;
  }
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

/** What became of an order that the server has taken. @throws Refusal when the driver said no */
async function outcome(
  talk: Talk,
  clock: Clock,
  ups: Ordered,
  order: Order,
  answer: readonly string[],
): Promise<string> {
  let driver: string | null;
  try {
    driver = await untold(talk, clock, answer);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    driver = whyOf(error);
  }
  if (driver !== null) return unproven(order, driver);
  try {
    const said = await look(clock, ups, (all) => effect(order, all));
    return said ?? unproven(order, `${(looks * lookEvery) / 1000} s later there is no sign of it`);
  } catch (error) {
    return unproven(order, whyOf(error));
  }
}

const whyOf = (error: unknown): string =>
  error instanceof Refusal
    ? `the server told nothing of it afterwards (${error.code})`
    : `nothing was heard of it afterwards: ${toFault(error, '').what.slice(0, 200).replace(/\.$/, '')}`;

function unproven({ command, outlet }: Order, why: string): string {
  const may = cutsPower(command)
    ? `It may switch ${scopeOf(outlet ?? null).outlets} off all the same.`
    : command === 'shutdown.stop'
      ? 'Its countdown may still run.'
      : 'Look at the UPS.';
  return `The server took ${command}, but ${why}. ${may}`;
}

/** What shows that the order has its effect; null: not yet. A UPS without the variable that would show it is believed. */
function effect({ command, outlet }: Order, all: Variables): string | null {
  const scope = scopeOf(outlet ?? null);
  switch (command) {
    case 'shutdown.return':
      return outlets(all, scope, 'on again when the mains are back');
    case 'shutdown.stayoff':
      return outlets(all, scope, 'and off it stays');
    case 'shutdown.stop':
      return countdownIn(all, scope) === null ? 'No countdown runs any more.' : null;
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

function outlets(all: Variables, scope: Scope, then: string): string | null {
  if (!all.has(scope.timer)) {
    const delay = delayOf(all, scope);
    const after = delay === null ? 'after a delay that it does not tell' : `${delay} s after the command`;
    return `It switches ${scope.outlets} off ${after}, ${then}. It does not show its countdown.`;
  }
  const offIn = countdownIn(all, scope);
  if (offIn !== null) return `It switches ${scope.outlets} off in ${offIn} s, ${then}.`;
  // A countdown so short that it is over shows in the status alone.
  return isOff(all, scope) ? `It has switched ${scope.outlets} off, ${then}.` : null;
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
