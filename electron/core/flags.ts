import type { Reading } from '../../shared/reading.ts';

/**
 * Flags that makers let flicker: a BX...MI says "low" and "replace the battery" for a second or two while nothing is
 * wrong, an RS 1500 says that its battery is there when it is not.
 * @see https://github.com/networkupstools/nut/issues/2347
 */
const alarms = ['needReplacement', 'overload', 'bypass', 'outputOff'] as const;
/** These are judged on battery, where every second counts, by the monitor; on mains they are noise until they last. */
const lows = ['belowCapacityLimit', 'timeLimitExpired', 'shutdownImminent'] as const;
type Gated = (typeof alarms)[number] | (typeof lows)[number] | 'batteryPresent';

/** Ms that a flag must have said the same, in two readings at least. */
const steadyAfter = 3000;

interface Gate {
  /** What is shown. */
  shown: boolean | null;
  /** When it first said the opposite, in one go up to now. */
  sinceMono: number | null;
}

export type FlagGates = Partial<Record<Gated, Gate>>;

/** The reading as it may be shown: a gated flag keeps its value until the other one has lasted. */
export function steady(
  gates: FlagGates,
  reading: Reading,
  onBattery: boolean,
  mono: number,
): { gates: FlagGates; reading: Reading } {
  const next: FlagGates = {};
  const shown: Reading = { ...reading };
  const pass = (flag: Gated, calm: boolean) => {
    const gate = through(gates[flag] ?? { shown: null, sinceMono: null }, reading[flag], calm, mono);
    next[flag] = gate;
    shown[flag] = gate.shown;
  };
  for (const flag of alarms) pass(flag, false);
  pass('batteryPresent', true);
  if (!onBattery) for (const flag of lows) pass(flag, false);
  return { gates: next, reading: shown };
}

/** `calm`: the value that means no harm; it is taken at once as long as nothing was told before. */
function through(gate: Gate, value: boolean | null, calm: boolean, mono: number): Gate {
  if (value === null || value === gate.shown) return gate.sinceMono === null ? gate : { ...gate, sinceMono: null };
  if (gate.shown === null && value === calm) return { shown: value, sinceMono: null };
  const sinceMono = gate.sinceMono ?? mono;
  return mono - sinceMono >= steadyAfter ? { shown: value, sinceMono: null } : { ...gate, sinceMono };
}
