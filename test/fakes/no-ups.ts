import type { HostPasswords, UpsOrders } from '../../electron/core/ports.ts';
import { FaultError } from '../../shared/fault.ts';

const none = (code: 'no-credential' | 'ups-lost', where: string): Promise<never> =>
  Promise.reject(new FaultError({ code, what: 'there is none', where, remedy: 'none' }));

/** For steps that wake nobody in a way that takes a password. */
export const noPasswords: HostPasswords = {
  secureOn: ({ name }) => none('no-credential', name),
  bmc: ({ name }) => none('no-credential', name),
};

/** For sequences that tell no UPS anything. */
export const noOrders: UpsOrders = {
  find: () => null,
  give: (upsId) => none('ups-lost', upsId),
  countdown: (upsId) => none('ups-lost', upsId),
};
