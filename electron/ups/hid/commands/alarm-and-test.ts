import type { HidField } from '../report-descriptor.ts';
import { type Place, writableAt } from './places.ts';
import type { Device, Proof, Recipe } from './recipe.ts';
import { fits } from './write-bits.ts';

const alarmPlaces: readonly Place[] = [
  'PowerSummary.AudibleAlarmControl',
  'BatterySystem.Battery.AudibleAlarmControl',
  'AudibleAlarmControl',
  'BELKINControls.BELKINAudibleAlarmControl',
];
const testPlaces: readonly Place[] = [
  'BatterySystem.Battery.Test',
  'Battery.Test',
  'BatterySystem.Test',
  'Output.Test',
  'BELKINControls.BELKINTest',
];

/** Values by the specification. @see https://www.usb.org/sites/default/files/pdcv11.pdf section 4.1.6 */
const alarms = [
  { command: 'beeper.disable', raw: 1, says: 'Its beeper is off' },
  { command: 'beeper.enable', raw: 2, says: 'Its beeper is on' },
  { command: 'beeper.mute', raw: 3, says: 'Its beeper is silent until the next alarm' },
] as const;
const tests = [
  { command: 'test.battery.start.quick', raw: 1, says: 'It tests its battery for some seconds', proof: 'testing' },
  {
    command: 'test.battery.start.deep',
    raw: 2,
    says: 'It runs from its battery until that is nearly empty',
    proof: 'testing',
  },
  { command: 'test.battery.stop', raw: 3, says: 'The test of its battery is stopped', proof: 'not-testing' },
] as const;
type TestCommand = (typeof tests)[number]['command'];

export function alarmRecipes({ fields }: Device): Recipe[] {
  const field = writableAt(fields, ...alarmPlaces);
  if (!field) return [];
  return alarms
    .filter(holds(field))
    .map(({ command, raw, says }) => simple(field, command, raw, { kind: 'same' }, says));
}

/** `notes`: the tests that this family really runs, with what is particular about each. */
export function testRecipes({ fields }: Device, notes: Readonly<Partial<Record<TestCommand, string>>>): Recipe[] {
  const field = writableAt(fields, ...testPlaces);
  if (!field) return [];
  return tests.filter(holds(field)).flatMap(({ command, raw, says, proof }) => {
    const note = notes[command];
    return note === undefined ? [] : [{ ...simple(field, command, raw, { kind: proof }, says), note }];
  });
}

/** Makers leave values out by their limits: a Back-UPS ES cannot be muted. */
const holds =
  (field: HidField) =>
  ({ raw }: { raw: number }) =>
    raw >= field.logicalMin && raw <= field.logicalMax && fits(field, raw);

function simple(field: HidField, command: Recipe['command'], raw: number, proof: Proof, says: string): Recipe {
  return {
    command,
    delay: null,
    note: '',
    switchable: null,
    writes: () => [{ field, raw, proof }],
    says: () => says,
  };
}
