import { FieldStore } from '../../electron/ups/hid/field-store.ts';
import { quirksFor } from '../../electron/ups/hid/quirks/quirks.ts';
import { ReadingView } from '../../electron/ups/hid/reading-from-fields.ts';
import type { HidCollection, HidField } from '../../electron/ups/hid/report-descriptor.ts';
import { toSi } from '../../electron/ups/hid/units.ts';
import { usage } from '../../electron/ups/hid/usages.ts';
import type { Detail, Reading } from '../../shared/reading.ts';

/** A collection: its usage, or `[usage, index]` for a numbered one. The outermost one, UPS, is understood. */
type In = number | readonly [number, number];

/** One field of a made-up device, and what it sends. */
export interface Sent {
  in?: readonly In[];
  usage: number;
  raw: number;
  more?: Partial<HidField>;
}

const bare: Omit<HidField, 'usage' | 'path' | 'reportId'> = {
  kind: 'feature',
  offset: 0,
  size: 16,
  selects: [],
  constant: false,
  logicalMin: 0,
  logicalMax: 0xffff,
  physicalMin: null,
  physicalMax: null,
  unit: 0,
  unitExponent: 0,
};

function collection(each: In): HidCollection {
  const [id, index] = typeof each === 'number' ? [each, null] : each;
  return { usage: id, type: index === null ? 0 : 0x80 + index, index };
}

function fieldOf({ in: inside = [], usage: id, more }: Sent, index: number): HidField {
  return { ...bare, usage: id, path: [usage.ups, ...inside].map(collection), reportId: index + 1, ...more };
}

/** A device with exactly these fields; `again` sends other raw values, a second later each time. */
export function device(ids: readonly [number, number], sent: readonly Sent[]) {
  const fields = sent.map(fieldOf);
  const store = new FieldStore(fields);
  const descriptor = { fields, collections: [], reports: [] };
  const [vendorId, productId] = ids;
  const quirks = quirksFor({ vendorId, productId, manufacturer: '', product: '' }, descriptor);
  const view = new ReadingView(store, quirks);
  let at = 0;
  const send = (raws: readonly number[]) => {
    at += 1000;
    store.apply(
      fields.map((field, index) => ({ field, raw: raws[index] ?? 0, value: toSi(raws[index] ?? 0, field) })),
      at,
    );
  };
  send(sent.map(({ raw }) => raw));
  return {
    quirks,
    view,
    again(...raws: number[]): Reading {
      send(raws);
      return view.reading('made-up', 0);
    },
    reading: (): Reading => view.reading('made-up', 0),
    detail: (index: number): Detail => view.details()[index] as Detail,
  };
}

/** The ids of one device of each family, and of none. */
export const ids = {
  apc: [0x051d, 0x0002],
  smartUps: [0x051d, 0x0003],
  cps0501: [0x0764, 0x0501],
  cps0601: [0x0764, 0x0601],
  eaton: [0x0463, 0xffff],
  tripp2005: [0x09ae, 0x2005],
  tripp3016: [0x09ae, 0x3016],
  tripp3024: [0x09ae, 0x3024],
  tripp4003: [0x09ae, 0x4003],
  psi5: [0x10af, 0x0002],
  gxt5: [0x10af, 0x1000],
  belkin: [0x050d, 0x0551],
  powercom: [0x0d9f, 0x0004],
  powerwalker: [0x06da, 0xffff],
  arduino: [0x2341, 0x8036],
  unknown: [0x5131, 0x2007],
} as const satisfies Record<string, readonly [number, number]>;
