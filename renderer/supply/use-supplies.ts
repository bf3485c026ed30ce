import { useSlice } from '../store/live.ts';
import { allSupplies, supplyName } from './supply-names.ts';

/** The names of the UPSes, as the user gave them. */
export function useSupplies(): { all: { id: string; name: string }[]; nameOf: (upsId: string) => string } {
  const slices = { status: useSlice('status'), supplies: useSlice('supplies') };
  return { all: allSupplies(slices), nameOf: (upsId) => supplyName(upsId, slices) };
}
