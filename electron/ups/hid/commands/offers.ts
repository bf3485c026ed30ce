import { FaultError } from '../../../../shared/fault.ts';
import { type Offer, type Order, realDelay } from '../../../../shared/ups-command.ts';
import type { Family } from '../quirks/quirks.ts';
import type { HidField } from '../report-descriptor.ts';
import { recipesOf } from './families.ts';
import type { Device, Recipe, Write } from './recipe.ts';

/** The commands that a device of this family takes, by what its descriptor lets the host write. */
export function offersOf(family: Family, device: Device): Offer[] {
  return recipesOf(family, device).map(({ command, delay, note }) => ({ command, delay, note }));
}

/** An order, worked out for one device. */
export interface OrderPlan {
  /** In this order, each read back before the next. */
  writes: readonly Write[];
  /** Must not be 0. */
  switchable: HidField | null;
  /** The delay that the device really keeps, seconds; null: there is none. */
  delay: number | null;
  says: Recipe['says'];
}

/** @throws FaultError `ups-refused` when the device does not take it, or not so. `name`: the device, for people. */
export function planOf(order: Order, family: Family, device: Device, name: string): OrderPlan {
  const recipe = recipesOf(family, device).find(({ command }) => command === order.command);
  if (!recipe) throw notOffered(order, name);
  if (recipe.delay === null) {
    return { writes: recipe.writes(0), switchable: recipe.switchable, delay: null, says: recipe.says };
  }
  if (order.delay === null) throw noDelay(order, name);
  const delay = realDelay(recipe.delay, order.delay);
  return { writes: recipe.writes(delay), switchable: recipe.switchable, delay, says: recipe.says };
}

function notOffered({ command }: Order, where: string): FaultError {
  return new FaultError({
    code: 'ups-refused',
    what: `It does not take the command ${command}, so nothing was sent`,
    where,
    remedy: 'Use one of the commands that it offers.',
  });
}

function noDelay({ command }: Order, where: string): FaultError {
  return new FaultError({
    code: 'ups-refused',
    what: `The command ${command} came without a delay, so nothing was sent`,
    where,
    remedy: 'Give the number of seconds to wait.',
  });
}
