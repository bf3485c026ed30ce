import type { UpsOrders } from '../core/ports.ts';
import type { Brain } from './brain.ts';

/** The orders of a brain that is made with the steps that give them. */
export const ordersThrough = (brain: () => Brain): UpsOrders => ({
  find: (upsId) => brain().orders.find(upsId),
  give: (upsId, order) => brain().orders.give(upsId, order),
  countdown: (upsId, outlet) => brain().orders.countdown(upsId, outlet),
});
