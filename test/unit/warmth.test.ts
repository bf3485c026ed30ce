import { beforeEach, describe, expect, it } from 'vitest';
import type { Warmer } from '../../electron/core/ports.ts';
import { Warmth } from '../../electron/core/warmth.ts';
import { type FaultCode, FaultError } from '../../shared/fault.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const host = (id: string, more: Record<string, unknown> = {}): Host =>
  hostSchema.parse({ id, name: id, kind: 'linux', address: '10.0.0.1', user: 'root', login: 'key', ...more });

const refusal = (code: FaultCode): FaultError => new FaultError({ code, what: code, where: 'x', remedy: 'none' });

/** A warmer whose answers the test gives. */
class ByHand implements Warmer {
  readonly asked: { id: string; at: number; signal: AbortSignal; end(fault?: FaultError): void }[] = [];
  readonly listeners = new Set<(hostId: string) => void>();
  released = 0;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  warm(one: Host, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (fault?: FaultError): void => (fault ? reject(fault) : resolve());
      this.asked.push({ id: one.id, at: this.#clock.monotonic(), signal, end });
    });
  }

  onLost(call: (hostId: string) => void): () => void {
    this.listeners.add(call);
    return () => this.listeners.delete(call);
  }

  runBegins(): void {}

  release(): void {
    this.released += 1;
  }

  lose(hostId: string): void {
    for (const call of this.listeners) call(hostId);
  }

  /** Ids of those asked for, in order. */
  get ids(): string[] {
    return this.asked.map(({ id }) => id);
  }

  async answer(at: number, fault?: FaultError): Promise<void> {
    this.asked.at(at)?.end(fault);
    await this.#clock.advance(0);
  }
}

let clock: ManualClock;
let warmer: ByHand;
let warmth: Warmth;
let changes: number;

beforeEach(() => {
  clock = new ManualClock();
  warmer = new ByHand(clock);
  changes = 0;
  const changed = (): void => {
    changes += 1;
  };
  warmth = new Warmth({ warmer, clock, changed });
});

const states = (): string[] => warmth.views().map(({ hostId, state }) => `${hostId} ${state}`);

describe('hosts that are to be kept', () => {
  it('are opened, and shown as they are', async () => {
    warmth.keep([host('a'), host('b')]);
    expect(states()).toEqual(['a opening', 'b opening']);
    await warmer.answer(0);
    await warmer.answer(1, refusal('unreachable'));
    expect(warmth.views()).toEqual([
      { hostId: 'a', state: 'warm', fault: null },
      { hostId: 'b', state: 'failed', fault: refusal('unreachable').fault },
    ]);
    expect(changes).toBe(3);
  });

  it('are opened once however often they are asked for, by equal content too', async () => {
    const a = host('a');
    for (let second = 0; second < 100; second += 1) warmth.keep([second % 2 ? a : host('a')]);
    await warmer.answer(0);
    const before = changes;
    for (let second = 0; second < 100; second += 1) warmth.keep([second % 2 ? a : host('a')]);
    expect([warmer.ids, states(), changes]).toEqual([['a'], ['a warm'], before]);
  });

  it('are opened ten at a time, in their order', async () => {
    const all = Array.from({ length: 25 }, (_, at) => host(`h${at}`));
    warmth.keep(all);
    expect(warmer.asked).toHaveLength(10);
    await warmer.answer(3);
    await warmer.answer(0, refusal('unreachable'));
    expect(warmer.ids).toEqual(all.slice(0, 12).map(({ id }) => id));
  });

  it('are opened anew when they were edited, and the old attempt is broken off', async () => {
    warmth.keep([host('a')]);
    warmth.keep([host('a', { user: 'other' })]);
    expect(warmer.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await warmer.answer(0, refusal('login-refused'));
    expect(states()).toEqual(['a opening']);
    await warmer.answer(1);
    expect(states()).toEqual(['a warm']);
  });

  it('are forgotten when they leave the set: no attempt, no view, no timer', async () => {
    warmth.keep([host('a'), host('b'), host('c')]);
    await warmer.answer(0);
    await warmer.answer(1, refusal('unreachable'));
    warmth.keep([]);
    expect([states(), warmer.asked[2]?.signal.aborted, clock.pending]).toEqual([[], true, 0]);
    const before = changes;
    await warmer.answer(2, refusal('unreachable'));
    expect([changes, clock.pending]).toEqual([before, 0]);
    warmer.lose('a');
    await clock.advance(600_000);
    expect(warmer.asked).toHaveLength(3);
  });
});

describe('a host that cannot be reached', () => {
  it('is tried again after 5 s, doubled up to 60 s, and says so all the while', async () => {
    warmth.keep([host('a')]);
    for (let tries = 0; tries < 7; tries += 1) {
      await warmer.answer(-1, refusal('unreachable'));
      expect(states()).toEqual(['a failed']);
      await clock.advance(60_000);
    }
    const at = warmer.asked.map((ask) => ask.at);
    // Each is answered when the minute is over, so the waits are seen as the time from the answer to the next attempt.
    expect(at.slice(1).map((time, tries) => time - tries * 60_000)).toEqual(
      [5, 10, 20, 40, 60, 60, 60].map((s) => s * 1000),
    );
    await warmer.answer(-1);
    expect(warmth.views()).toEqual([{ hostId: 'a', state: 'warm', fault: null }]);
  });

  it.each<FaultCode>(['login-refused', 'host-key-changed', 'host-key-unknown'])(
    'because of %s: stands until the host is edited',
    async (code) => {
      warmth.keep([host('a')]);
      await warmer.answer(0, refusal(code));
      for (let minute = 0; minute < 60; minute += 1) {
        await clock.advance(60_000);
        warmth.keep([host('a')]);
      }
      expect([warmer.ids, states()]).toEqual([['a'], ['a failed']]);
      warmth.keep([host('a', { address: '10.0.0.2' })]);
      expect([warmer.ids, states()]).toEqual([['a', 'a'], ['a opening']]);
    },
  );
});

describe('a connection that is lost', () => {
  beforeEach(async () => {
    warmth.keep([host('a')]);
    await warmer.answer(0);
  });

  it('is opened again at once when it had stood for a minute', async () => {
    await clock.advance(60_000);
    warmer.lose('a');
    expect([warmer.ids, states()]).toEqual([['a', 'a'], ['a opening']]);
  });

  it('is opened again with back-off when it keeps breaking', async () => {
    const at: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      const before = clock.monotonic();
      warmer.lose('a');
      expect(states()).toEqual(['a failed']);
      await clock.advance(40_000);
      at.push((warmer.asked.at(-1)?.at ?? 0) - before);
      await warmer.answer(-1);
    }
    // 40 s between losses: never long enough to count as standing.
    expect(at).toEqual([5000, 10_000, 20_000, 40_000]);
  });

  it('of another host, or twice, changes nothing', async () => {
    await clock.advance(60_000);
    warmer.lose('b');
    warmer.lose('a');
    warmer.lose('a');
    expect(warmer.ids).toEqual(['a', 'a']);
  });
});

describe('released', () => {
  it('keeps nothing, hears nothing and leaves no timer', async () => {
    warmth.keep([host('a'), host('b')]);
    await warmer.answer(0);
    await warmer.answer(1, refusal('unreachable'));
    warmth.release();
    warmth.release();
    expect([states(), warmer.released, warmer.listeners.size, clock.pending]).toEqual([[], 1, 0, 0]);
  });

  it('may keep again later', async () => {
    warmth.keep([host('a')]);
    warmth.release();
    expect(warmer.asked[0]?.signal.aborted).toBe(true);
    warmth.keep([host('a')]);
    await warmer.answer(1);
    expect([states(), warmer.listeners.size]).toEqual([['a warm'], 1]);
  });
});
