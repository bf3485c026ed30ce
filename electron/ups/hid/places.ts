import { endsWith } from './repaired.ts';
import type { HidField } from './report-descriptor.ts';
import { usage } from './usages.ts';

type Place = (field: HidField) => boolean;

/** Right inside these collections, the innermost last; no collection named: anywhere. */
export function under(...collections: number[]): Place {
  return (field) => endsWith(field.path, collections);
}

/** Right inside the innermost of these, but not of one that is numbered otherwise: Outlet.[2] is a group of outlets. */
export function underFirst(...collections: number[]): Place {
  return (field) => under(...collections)(field) && [null, 0, 1].includes(field.path.at(-1)?.index ?? null);
}

/** In an Input that is the mains: Eaton's [2] and [4] are bypasses, its [3] is the battery. */
export const inMainsInput: Place = (field) => {
  const index = field.path.at(-1)?.index ?? null;
  return under(usage.input)(field) && (index === null || index === 1);
};

/** In the status of an Input that is a bypass. */
export const inBypassInput: Place = (field) => {
  const index = field.path.at(-2)?.index ?? null;
  return under(usage.input, usage.presentStatus)(field) && (index === 2 || index === 4);
};

/** Everywhere but there. */
export function notUnder(...collections: number[]): Place {
  const there = under(...collections);
  return (field) => !there(field);
}

/** The number of the first place that fits, or null. */
export function rank(...places: Place[]): (field: HidField) => number | null {
  return (field) => {
    const at = places.findIndex((place) => place(field));
    return at < 0 ? null : at;
  };
}
