import { upsDescriptor } from '../../electron/ups/hid/candidates.ts';
import { type OrderPlan, planOf } from '../../electron/ups/hid/commands/offers.ts';
import type { Device } from '../../electron/ups/hid/commands/recipe.ts';
import type { Family } from '../../electron/ups/hid/quirks/quirks.ts';
import type { Order, UpsCommand } from '../../shared/ups-command.ts';
import { readDescriptor } from '../fakes/ups/fixtures.ts';
import { ReportMemory } from '../fakes/ups/report-memory.ts';

/** A captured device as the commands see it; its reports hold ones, which is no countdown. */
export function known(name: string, product = '') {
  const { bytes, lengths } = readDescriptor(name);
  const descriptor = upsDescriptor(bytes);
  const device: Device = { fields: descriptor.fields, product };
  const idle = new Map([...lengths.Feature].map(([id, size]) => [id, new Uint8Array(size).fill(0xff)]));
  return { device, memory: (reports: ReadonlyMap<number, Uint8Array> = idle) => new ReportMemory(descriptor, reports) };
}

/** A device by the items of its report descriptor, in hex. */
export function made(items: string) {
  return { fields: upsDescriptor(Buffer.from(items.replaceAll(/\s|;.*/g, ''), 'hex')).fields, product: '' };
}

export const order = (command: UpsCommand, delay: number | null = null): Order => ({ command, delay });

export const plan = (what: Order, family: Family, device: Device): OrderPlan => planOf(what, family, device, 'UPS');
