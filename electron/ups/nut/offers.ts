import {
  cutsPower,
  type Delay,
  type Offer,
  type Offered,
  type OutletGroup,
  outletSchema,
  upsCommandSchema,
} from '../../../shared/ups-command.ts';
import { leadingNumber, shown } from '../net/text.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { Variables } from './variables.ts';

const longestDelay = 7 * 86_400;

/** The delay that the driver keeps now, seconds; null: it does not say. */
export function delayOf(all: Variables, scope: Scope): number | null {
  const value = leadingNumber(all.get(scope.delay) ?? '');
  return value !== null && Number.isInteger(value) && value >= 0 && value <= longestDelay ? value : null;
}

/** What the server says of a UPS. */
export interface Told {
  commands: readonly string[];
  variables: Variables;
  /** The variables that can be set. */
  writable: ReadonlySet<string>;
}

export const offeredBy = (told: Told): Offered => ({
  offers: offersIn(told, scopeOf(null)),
  outletGroups: outletGroupsIn(told),
});

function offersIn({ commands, variables, writable }: Told, scope: Scope): Offer[] {
  const known = commands.flatMap((command) => {
    const name = command.startsWith(scope.prefix) ? command.slice(scope.prefix.length) : '';
    return upsCommandSchema.safeParse(name).data ?? [];
  });
  return [...new Set(known)].map((command) => {
    if (!cutsPower(command)) return { command, delay: null, note: '' };
    const now = delayOf(variables, scope);
    if (now === null) return { command, delay: null, note: 'The server does not say after how long it switches off.' };
    const settable = writable.has(scope.delay);
    const delay: Delay = settable
      ? { kind: 'steps', min: 0, max: longestDelay, step: 1, round: 'up' }
      : { kind: 'choices', seconds: [now] };
    const note = settable
      ? 'The delay is set in the driver, which may pass it on rounded.'
      : 'The delay is fixed in the ups.conf of the server.';
    return { command, delay, note };
  });
}

/**
 * The groups of outlets of which the driver tells both the delay and the countdown. Others it would cut after nobody
 * knows how long: under the names of single outlets (`outlet.1.delay.shutdown`) drivers for Eaton's and Powerware's
 * keep after how long on battery an outlet goes off by itself, so that one that is set cuts in every outage.
 * @see https://github.com/networkupstools/nut/blob/master/drivers/bcmxcp.c (PW_AUTO_OFF_DELAY)
 * @see https://github.com/networkupstools/nut/blob/master/drivers/apc_modbus.c (outlet.group.N, since pull request 3395)
 */
function outletGroupsIn(told: Told): OutletGroup[] {
  const numbers = told.commands.flatMap(
    (command) => outletSchema.safeParse(Number(/^outlet\.group\.(\d{1,2})\./.exec(command)?.[1])).data ?? [],
  );
  return [...new Set(numbers)].flatMap((number) => {
    const scope = scopeOf(number);
    const offers = offersIn(told, scope).filter(({ command }) => cutsPower(command) || command === 'shutdown.stop');
    const tellsAll = told.variables.has(scope.timer) && delayOf(told.variables, scope) !== null;
    if (!tellsAll || !offers.some(({ command }) => cutsPower(command))) return [];
    return [{ number, name: shown(told.variables.get(`${scope.prefix}name`) ?? '', 200), offers }];
  });
}
