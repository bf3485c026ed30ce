import { FaultError } from '../../shared/fault.ts';
import type { Slices } from '../../shared/view.ts';
import type { UpsOrders } from '../core/ports.ts';

/** UPSes as the controller of the folder shows them, for looking only. Nothing is sent to any of them from here. */
export function seenOrders(live: Slices | null): UpsOrders {
  const nobody = (where: string): Promise<never> => {
    const what = 'only who controls the data folder speaks with the UPSes';
    return Promise.reject(new FaultError({ code: 'refused', what, where, remedy: 'Start Glidepath.' }));
  };
  return {
    find: (upsId) => {
      const power = live?.status.powers.find(({ ups }) => ups.id === upsId);
      if (!power) return null;
      const allowed = live?.supplies.known.some(({ id, commandsAllowed }) => id === upsId && commandsAllowed) === true;
      const { name, offers, outletGroups } = power.ups;
      return { name, offers, outletGroups, allowed };
    },
    give: nobody,
    countdown: nobody,
  };
}
