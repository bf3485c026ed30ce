import type { PowerEvent } from '../../shared/history.ts';
import type { PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';
import { sentencesText } from './words.ts';

type Kind = PowerEvent['kind'];

/** Ms without an answer that are told: at the start a UPS needs some seconds to be found. */
const silentFor = 10_000;

/** What has been told of a UPS and holds still. Times are ms since the epoch. */
interface Told {
  /** `lowest`: percent. `seen`: this session saw it on battery, it does not stand in the list alone. */
  outage: { since: number; lowest: number | null; seen: boolean } | null;
  low: boolean;
  /** Since when it gives no answer; null: it answers. */
  silentSince: number | null;
  silenceTold: boolean;
  test: boolean;
  conditions: ReadonlySet<Kind>;
}

/** By the id of the UPS. */
export type Memory = ReadonlyMap<string, Told>;

const nothing: Told = {
  outage: null,
  low: false,
  silentSince: null,
  silenceTold: false,
  test: false,
  conditions: new Set(),
};

/** What a UPS says of itself, told once until it says that it is over. */
const conditions = [
  { kind: 'replace-battery', of: 'needReplacement', sentence: 'The battery needs to be replaced' },
  { kind: 'overload', of: 'overload', sentence: 'Overloaded: it may switch off without warning' },
  { kind: 'bypass', of: 'bypass', sentence: 'On bypass: the load runs from the mains, unprotected' },
  { kind: 'output-off', of: 'outputOff', sentence: 'It does not feed its outlets' },
  { kind: 'forced-shutdown', of: 'forcedShutdown', sentence: 'Its primary says that everybody must go down now' },
] as const;

/** What was told before this start, oldest first: the same outage must not be told twice. */
export function remember(events: readonly PowerEvent[]): Memory {
  const memory = new Map<string, Told>();
  for (const event of events) memory.set(event.upsId, recall(memory.get(event.upsId) ?? nothing, event));
  return memory;
}

function recall(told: Told, { kind, at }: PowerEvent): Told {
  switch (kind) {
    case 'power-lost':
      return { ...told, outage: { since: at, lowest: null, seen: false }, low: false };
    case 'battery-low':
      return { ...told, low: true };
    case 'power-back':
      return { ...told, outage: null, low: false };
    case 'contact-lost':
      return { ...told, silentSince: at, silenceTold: true };
    case 'contact-back':
      return { ...told, silentSince: null, silenceTold: false };
    case 'test-started':
      return { ...told, test: true };
    case 'test-ended':
      return { ...told, test: false };
    case 'command-sent':
      return told;
    default:
      return { ...told, conditions: new Set([...told.conditions, kind]) };
  }
}

/** Pure: what happened to the UPSes between what was told last and `at`, ms since the epoch. */
export function powerEvents(
  memory: Memory,
  powers: readonly PowerView[],
  at: number,
): { events: PowerEvent[]; memory: Memory } {
  const events: PowerEvent[] = [];
  const next = new Map(memory);
  for (const power of powers) {
    const tell = (kind: Kind, sentence: string, when = at) =>
      events.push({
        at: when,
        upsId: power.ups.id,
        upsName: power.ups.name.slice(0, 200),
        kind,
        sentence: sentence.slice(0, 500),
      });
    next.set(power.ups.id, follow(memory.get(power.ups.id) ?? nothing, power, at, tell));
  }
  return { events, memory: next };
}

type Tell = (kind: Kind, sentence: string, when?: number) => void;

function follow(told: Told, power: PowerView, at: number, tell: Tell): Told {
  if (power.state === 'lost-contact') return followSilence(told, power, at, tell);
  if (power.state === 'unknown') return told;
  if (told.silenceTold) tell('contact-back', `Answers again after ${since(told.silentSince ?? at, at)}`);
  const heard = { ...told, silentSince: null, silenceTold: false };
  return followConditions(followTest(followPower(heard, power, at, tell), power, tell), power, tell);
}

function followSilence(told: Told, power: PowerView, at: number, tell: Tell): Told {
  const silentSince = told.silentSince ?? at;
  if (told.silenceTold || at - silentSince < silentFor) return { ...told, silentSince };
  tell('contact-lost', sentencesText(power.fault?.what ?? power.sentence), silentSince);
  return { ...told, silentSince, silenceTold: true };
}

function followPower(told: Told, power: PowerView, at: number, tell: Tell): Told {
  if (power.onBatterySince === null) {
    if (told.outage) tell('power-back', backSentence(told.outage, at));
    return { ...told, outage: null, low: false };
  }
  const begun = Math.min(power.onBatterySince, at);
  if (!told.outage) tell('power-lost', power.sentence, begun);
  const outage = told.outage ?? { since: begun, lowest: null, seen: true };
  const isLow = power.state === 'low';
  if (isLow && !told.low) tell('battery-low', power.sentence);
  const charges = [outage.lowest, power.reading?.charge ?? null].filter((each) => each !== null);
  const lowest = charges.length > 0 ? Math.min(...charges) : null;
  return { ...told, outage: { ...outage, lowest, seen: true }, low: told.low || isLow };
}

function backSentence({ since: begun, lowest, seen }: NonNullable<Told['outage']>, at: number): string {
  if (!seen) return `On mains; the power was lost ${since(begun, at)} ago, and came back while Glidepath did not run`;
  const charge = lowest === null ? '' : `, charge down to ${Math.round(lowest)} %`;
  return `Mains back after ${since(begun, at)}${charge}`;
}

function followTest(told: Told, { reading }: PowerView, tell: Tell): Told {
  const testing = reading?.testing ?? null;
  if (testing === null || testing === told.test) return told;
  const result = reading?.testResult ?? null;
  const outcome = result === null || result === 'none' || result === 'running' ? '' : `: ${result}`;
  if (testing) tell('test-started', 'Tests its battery');
  else tell('test-ended', `The battery test has ended${outcome}`);
  return { ...told, test: testing };
}

function followConditions(told: Told, { reading }: PowerView, tell: Tell): Told {
  const holding = new Set(told.conditions);
  for (const { kind, of, sentence } of conditions) {
    if (reading?.[of] === true && !holding.has(kind)) tell(kind, sentence);
    if (reading?.[of] === true) holding.add(kind);
    if (reading?.[of] === false) holding.delete(kind);
  }
  return { ...told, conditions: holding };
}

/** A clock that was set back gives no length below nothing. */
const since = (begun: number, at: number): string => duration((at - begun) / 1000);
