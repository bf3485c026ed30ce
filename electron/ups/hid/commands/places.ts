import type { HidField } from '../report-descriptor.ts';

/** The collections and usages that commands are written to, as `page << 16 | id`. Numbers, so that no renaming moves a write. */
const collections = {
  UPS: 0x84_0004,
  BatterySystem: 0x84_0010,
  Battery: 0x84_0012,
  PowerConverter: 0x84_0016,
  OutletSystem: 0x84_0018,
  Input: 0x84_001a,
  Output: 0x84_001c,
  Outlet: 0x84_0020,
  PowerSummary: 0x84_0024,
  PresentStatus: 0x84_0002,
  APCGeneralCollection: 0xff86_0005,
  BELKINControls: 0x86_0027,
} as const;

const usages = {
  DelayBeforeReboot: 0x84_0055,
  DelayBeforeStartup: 0x84_0056,
  DelayBeforeShutdown: 0x84_0057,
  Test: 0x84_0058,
  AudibleAlarmControl: 0x84_005a,
  Switchable: 0x84_006c,
  APCDelayBeforeShutdown: 0xff86_007d,
  APCDelayBeforeStartup: 0xff86_007e,
  BELKINDelayBeforeStartup: 0x86_0056,
  BELKINDelayBeforeShutdown: 0x86_0057,
  BELKINTest: 0x86_0058,
  BELKINAudibleAlarmControl: 0x86_005a,
  /** Eaton's. */
  AutomaticRestart: 0xffff_0043,
  /** Tripp Lite's. */
  TLDelayBeforeStartup: 0xffff_0056,
} as const;

type CollectionName = keyof typeof collections;
type UsageName = keyof typeof usages;

/** A place below the UPS, as NUT writes it: `Output.DelayBeforeShutdown`, `PowerConverter.Input[1].AutomaticRestart`. */
export type Place =
  | UsageName
  | `${CollectionName}.${UsageName}`
  | `${CollectionName}.${CollectionName}.${UsageName}`
  | `${CollectionName}.${CollectionName}[1].${UsageName}`;

/** The Feature field at the first of these places that there is, and that the host may write; null: none. */
export function writableAt(fields: readonly HidField[], ...places: Place[]): HidField | null {
  return fieldAt(
    fields.filter(({ constant }) => !constant),
    ...places,
  );
}

/** As `writableAt`, also one that may only be read. */
export function fieldAt(fields: readonly HidField[], ...places: Place[]): HidField | null {
  // Wider fields hold no number.
  const features = fields.filter(({ kind, selects, size }) => kind === 'feature' && selects.length === 0 && size <= 32);
  for (const place of places) {
    const found = features.find((field) => isAt(field, place));
    if (found) return found;
  }
  return null;
}

function isAt(field: HidField, place: Place): boolean {
  const parts = place.split('.');
  const last = parts.pop() as UsageName;
  if (field.usage !== usages[last] || field.path.length !== parts.length + 1) return false;
  return ['UPS', ...parts].every((part, depth) => {
    const { usage, index } = field.path[depth] as HidField['path'][number];
    const [name = '', number] = part.split('[');
    // A plain name means the only one: group 2 of the outlets is not the load.
    return usage === collections[name as CollectionName] && index === (number ? Number.parseInt(number, 10) : null);
  });
}
