import type { HidField } from './report-descriptor.ts';
import { usage } from './usages.ts';

type Place = (field: HidField) => boolean;

/** Right inside these collections, the innermost last; no collection named: anywhere. */
export function under(...collections: number[]): Place {
  return (field) => {
    const inner = field.path.slice(Math.max(0, field.path.length - collections.length));
    return inner.length === collections.length && inner.every((part, index) => part.usage === collections[index]);
  };
}

/** In an Input that is the mains: Eaton's [2] and [4] are bypasses, its [3] is the battery. */
export const inMainsInput: Place = (field) => {
  const index = field.path.at(-1)?.index ?? null;
  return under(usage.input)(field) && (index === null || index === 1);
};

/** The number of the first place that fits, or null. */
export function rank(...places: Place[]): (field: HidField) => number | null {
  return (field) => {
    const at = places.findIndex((place) => place(field));
    return at < 0 ? null : at;
  };
}
