import { describe, expect, it } from 'vitest';
import { shownAfter } from '../../electron/cli/confirmed.ts';
import { list } from '../../electron/cli/list.ts';
import { watch } from '../../electron/cli/watch.ts';
import type { Fresh, UpsEvent, UpsSource } from '../../electron/core/ports.ts';
import type { Fault } from '../../shared/fault.ts';
import { emptyReading, type Reading, type Ups } from '../../shared/reading.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const ups = (id: string): Ups => ({
  id,
  name: `UPS ${id}`,
  manufacturer: 'Fake',
  serial: '',
  firmware: '',
  source: 'hid',
  via: 'USB 051d:0002',
  offers: [],
});

const noAccess: Fault = { code: 'ups-no-access', what: 'No access', where: 'Rack', remedy: 'Write the rule.' };

/** Says what the test tells it to. */
class ToldSource implements UpsSource {
  tell: (event: UpsEvent) => void = () => undefined;

  start(listener: (event: UpsEvent) => void): void {
    this.tell = listener;
  }

  reading(id: string, patch: Partial<Reading>, fresh: Fresh = 'poll', at = 0): void {
    this.tell({ type: 'reading', reading: { ...emptyReading(id, at), ...patch }, fresh });
  }

  stop = () => Promise.resolve();
  hurry = () => undefined;
  has = () => false;
  command = () => Promise.reject(new Error('never'));
  details = () => Promise.reject(new Error('never'));
}

const whole = { acPresent: true, charge: 100, runtime: 3600, load: 20 };

describe('ups list', () => {
  function listing(count = 1) {
    const clock = new ManualClock();
    const sources = Array.from({ length: count }, () => new ToldSource());
    let text: string | null = null;
    void list(sources, clock, false).then((result) => {
      text = result;
    });
    return {
      sources: sources as [ToldSource, ...ToldSource[]],
      async printedIn(ms: number) {
        await clock.advance(ms);
        return text;
      },
    };
  }

  it('ends soon after all that was found has told everything', async () => {
    const { sources, printedIn } = listing();
    await printedIn(300);
    sources[0].tell({ type: 'found', ups: ups('a') });
    sources[0].reading('a', { acPresent: true });
    expect(await printedIn(1000)).toBeNull();
    sources[0].reading('a', whole);
    expect(await printedIn(1)).toBe('a  UPS a  USB 051d:0002  on mains, charge 100 %, 1 h left, load 20 %\n');
  });

  it('gives what there is when a UPS does not tell the rest, or nothing', async () => {
    const { sources, printedIn } = listing();
    sources[0].tell({ type: 'found', ups: ups('a') });
    sources[0].tell({ type: 'found', ups: ups('b') });
    sources[0].reading('a', { acPresent: false });
    expect(await printedIn(3999)).toBeNull();
    expect(await printedIn(2)).toBe('a  UPS a  USB 051d:0002  on battery\nb  UPS b  USB 051d:0002  no reading yet\n');
  });

  it('waits 8 s at most, however many more are found', async () => {
    const { sources, printedIn } = listing();
    for (let at = 0; at < 7500; at += 500) {
      sources[0].tell({ type: 'found', ups: ups(`u${at}`) });
      expect(await printedIn(500)).toBeNull();
    }
    expect(await printedIn(500)).toContain('u7000');
  });

  it('says that there is none after 4 s', async () => {
    const { printedIn } = listing();
    expect(await printedIn(3999)).toBeNull();
    expect(await printedIn(2)).toBe('No UPS was found.\n');
  });

  it('tells what may not be opened, and waits for a source that is silent', async () => {
    const { sources, printedIn } = listing(2);
    sources[0].tell({ type: 'trouble', fault: noAccess });
    expect(await printedIn(3999)).toBeNull();
    expect(await printedIn(2)).toBe('Rack: No access. Write the rule.\n');
  });

  it('tells why one that was found is gone again', async () => {
    const { sources, printedIn } = listing();
    sources[0].tell({ type: 'found', ups: ups('a') });
    sources[0].tell({ type: 'lost', upsId: 'a', fault: { ...noAccess, code: 'ups-lost', what: 'Gone' } });
    expect(await printedIn(701)).toBe('a  UPS a  USB 051d:0002  Rack: Gone. Write the rule.\n');
  });
});

describe('a reading that does not tell the power state', () => {
  it('does not hide the state that was told just before it, in a list', async () => {
    const clock = new ManualClock();
    const source = new ToldSource();
    const listed = list([source], clock, false);
    source.tell({ type: 'found', ups: ups('a') });
    source.reading('a', { acPresent: false }, 'interrupt', 1000);
    source.reading('a', { charge: 80, runtime: 600, load: 20 }, 'none', 3000);
    await clock.advance(1000);
    expect(await listed).toBe('a  UPS a  USB 051d:0002  on battery, charge 80 %, 10 min left, load 20 %\n');
  });

  it('is shown as what it is when there was none, or when it is old', () => {
    const at = (ms: number, patch: Partial<Reading>) => ({ ...emptyReading('a', ms), ...patch });
    const only = shownAfter(null, at(0, { charge: 80 }), 'none');
    expect(only).toMatchObject({ fresh: 'none', reading: { acPresent: null, charge: 80 } });
    const told = shownAfter(only, at(1000, { acPresent: true, belowCapacityLimit: true }), 'interrupt');
    const soon = shownAfter(told, at(5000, { charge: 70 }), 'none');
    expect(soon).toMatchObject({
      fresh: 'interrupt',
      reading: { at: 5000, acPresent: true, belowCapacityLimit: true, charge: 70 },
    });
    expect(shownAfter(soon, at(11_000, {}), 'none')).toMatchObject({ fresh: 'none', reading: { acPresent: null } });
  });
});

describe('a UPS whose server the user has taken away', () => {
  it('is in no list, and is not watched any more', async () => {
    const clock = new ManualClock();
    const source = new ToldSource();
    const listed = list([source], clock, false);
    source.tell({ type: 'found', ups: ups('a') });
    source.tell({ type: 'gone', upsId: 'a' });
    await clock.advance(8000);
    expect(await listed).toBe('No UPS was found.\n');
  });
});

describe('ups watch', () => {
  function watching() {
    const clock = new ManualClock();
    const source = new ToldSource();
    const lines: string[] = [];
    const end = new AbortController();
    const ended = watch([source], clock, (line) => lines.push(line.replace(/^\S+ \S+ {2}/, '')), end.signal);
    return { clock, source, lines, end, ended };
  }

  it('says each change once, with how it came, and everything again within 10 s', async () => {
    const { clock, source, lines } = watching();
    source.tell({ type: 'found', ups: ups('a') });
    source.reading('a', whole, 'poll', clock.now());
    source.reading('a', whole, 'interrupt', clock.now());
    source.reading('a', { ...whole, acPresent: false, inputVoltage: 0 }, 'interrupt', clock.now());
    const said = [
      'UPS a  found: a, USB 051d:0002',
      'UPS a  on mains, charge 100 %, 1 h left, load 20 % (poll)',
      'UPS a  on battery, charge 100 %, 1 h left, load 20 %, in 0 V (interrupt)',
    ];
    expect(lines).toEqual(said);
    await clock.advance(9000);
    expect(lines).toEqual(said);
    source.reading('a', { ...whole, acPresent: false, inputVoltage: 0 }, 'poll', clock.now());
    await clock.advance(1000);
    expect(lines).toEqual([...said, 'UPS a  on battery, charge 100 %, 1 h left, load 20 %, in 0 V (poll)']);
  });

  it('says how old the last news are when there are no new ones', async () => {
    const { clock, source, lines } = watching();
    source.tell({ type: 'found', ups: ups('a') });
    source.reading('a', { acPresent: true }, 'poll', clock.now());
    await clock.advance(20_000);
    expect(lines.at(-1)).toMatch(/^UPS a {2}on mains \(poll, (19|20) s ago\)$/);
  });

  it('says no more of one that is gone', async () => {
    const { clock, source, lines } = watching();
    source.tell({ type: 'found', ups: ups('a') });
    source.reading('a', whole, 'poll', clock.now());
    source.tell({ type: 'gone', upsId: 'a' });
    await clock.advance(60_000);
    expect(lines).toHaveLength(2);
  });

  it('says of a reading without the power state that it has none', async () => {
    const { clock, source, lines } = watching();
    source.tell({ type: 'found', ups: ups('a') });
    source.reading('a', { charge: 80 }, 'none', clock.now());
    expect(lines.at(-1)).toContain('charge 80 % (power state not told)');
  });

  it('tells losses and troubles, and ends when it is told to', async () => {
    const { clock, source, lines, end, ended } = watching();
    source.tell({ type: 'found', ups: ups('a') });
    source.tell({ type: 'lost', upsId: 'a', fault: { ...noAccess, code: 'ups-lost', what: 'Gone' } });
    source.tell({ type: 'trouble', fault: noAccess });
    expect(lines.slice(1)).toEqual([
      'UPS a  lost: Rack: Gone. Write the rule.',
      'trouble  Rack: No access. Write the rule.',
    ]);
    end.abort();
    await ended;
    await clock.advance(60_000);
    expect(lines).toHaveLength(3);
  });
});
