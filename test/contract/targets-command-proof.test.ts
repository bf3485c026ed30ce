import { afterEach, describe, expect, it } from 'vitest';
import { usual } from '../../electron/core/plan/usual.ts';
import { RunKeeper } from '../../electron/core/run-keeper.ts';
import { Supplies } from '../../electron/core/supplies.ts';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import type { RunView } from '../../shared/run.ts';
import { sequenceSchema } from '../../shared/sequence.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { type Result, result } from '../fakes/posix-shell.ts';
import type { SshHost } from '../fakes/ssh-host.ts';
import { type Bench, bench, faultOf, hostOf, peer } from './targets-kit.ts';

const closing: Array<() => void> = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const exporting = 'zpool export tank';
const proof = '! zpool list tank';
const proven = { kind: 'command', target: 'web', command: exporting, proof };

/** A host whose pool is exported a while after the command for it has ended. */
class Storage {
  isExported = false;
  /** What the command ends with. */
  ends: () => Promise<Result> = async () => result();
  /** What asking for the pool ends with as long as it is there. */
  answer: Result = result('', 1);
  /** The time from which on the command does what it says, 1, 2, ... */
  worksFrom = 1;
  fake!: SshHost;

  static async open(): Promise<Storage> {
    const self = new Storage();
    self.fake = await peer(async (text) => {
      if (text === proof) return self.isExported ? result() : self.answer;
      if (text === exporting) self.isExported ||= self.count(exporting) >= self.worksFrom;
      return text === exporting ? self.ends() : result();
    });
    closing.push(() => self.fake.close());
    return self;
  }

  get sent(): string[] {
    return this.fake.log.map(({ text }) => text);
  }

  count(text: string): number {
    return this.sent.filter((one) => one === text).length;
  }

  step(b: Bench, more: object = {}) {
    closing.push(() => b.pool.close());
    const context = b.step({ ...proven, ...more }, hostOf(this.fake));
    const actions = b.actions(context);
    return { context, act: () => actions.act(context), probe: () => actions.probe(context) };
  }
}

describe('a command with a proof', () => {
  it('is done when its proof says so, and not before', async () => {
    const storage = await Storage.open();
    storage.worksFrom = Number.POSITIVE_INFINITY;
    const b = bench();
    const { context, act, probe } = storage.step(b);
    expect(await probe()).toEqual({ state: 'not-done', seen: 'exit code 1 of its proof' });
    expect(await act()).toEqual({ exitCode: 0 });
    b.clock.after(9000, () => {
      storage.isExported = true;
    });
    const { last, tookMs } = await b.prove(context, 60_000);
    expect(last).toEqual({ state: 'done', proof: 'exit code 0 of its proof' });
    expect(tookMs).toBeGreaterThanOrEqual(9000);
    expect(tookMs).toBeLessThan(13_000);
    // Every 2 s, and the command once.
    expect(storage.count(proof)).toBeLessThanOrEqual(8);
    expect(storage.count(exporting)).toBe(1);
  });

  it('is not done by its exit code', async () => {
    const storage = await Storage.open();
    storage.worksFrom = Number.POSITIVE_INFINITY;
    storage.answer = result('tank  1T\n', 3);
    const b = bench();
    const { context, act } = storage.step(b);
    await act();
    expect((await b.prove(context, 60_000)).last).toEqual({
      state: 'not-done',
      seen: 'exit code 3 of its proof: tank  1T',
    });
  });

  it('that failed and has had its effect is done', async () => {
    const storage = await Storage.open();
    storage.ends = async () => result('', 1, 'busy for a moment\n');
    const { act, probe } = storage.step(bench());
    expect((await faultOf(act())).what).toBe('the command failed with exit code 1: busy for a moment');
    expect((await probe()).state).toBe('done');
  });

  it.each([126, 127])('is in doubt as long as its proof ends with %i: that one was not run', async (code) => {
    const storage = await Storage.open();
    storage.worksFrom = Number.POSITIVE_INFINITY;
    storage.answer = result('', code, 'zpool: not found\n');
    const { act, probe } = storage.step(bench());
    await act();
    expect(await probe()).toMatchObject({
      state: 'unknown',
      fault: { code: 'command-failed', what: `its proof failed with exit code ${code}: zpool: not found` },
    });
  });

  it.each(['fin', 'rst'] as const)('that was running when the host died by %s is told by its proof', async (death) => {
    const storage = await Storage.open();
    storage.ends = () => new Promise(() => undefined);
    const b = bench();
    const { act, probe } = storage.step(b);
    const acting = faultOf(act());
    await expect.poll(() => storage.sent).toEqual([exporting]);
    storage.fake.powerOff(death);
    expect((await acting).code).toBe('dead-peer');
    expect(await probe()).toMatchObject({ state: 'unknown', fault: { code: 'unreachable' } });
    await storage.fake.powerOn();
    await b.clock.advance(2000);
    expect((await probe()).state).toBe('done');
    expect(storage.count(exporting)).toBe(1);
  });

  it('whose proof hangs lasts up to the limit of the step', async () => {
    const storage = await Storage.open();
    const b = bench();
    const hanging = await peer(() => new Promise(() => undefined));
    closing.push(
      () => hanging.close(),
      () => b.pool.close(),
    );
    const context = b.step(proven, hostOf(hanging));
    const probing = b.actions(context).probe(context);
    await expect.poll(() => hanging.log.length).toBe(1);
    context.abort();
    expect(await probing).toMatchObject({ state: 'unknown', fault: { code: 'limit-reached' } });
    expect(storage.sent).toEqual([]);
  });

  it('says both', async () => {
    const storage = await Storage.open();
    const b = bench();
    const { context } = storage.step(b);
    expect(b.actions(context).would(context.step, context.host)).toBe(`${exporting}, proven by ${proof}`);
  });
});

describe('a rehearsal of a command with a proof', () => {
  /** Its shell knows `zpool` and `true`; nothing may be run but looks. */
  async function checked(more: object) {
    const fake = await peer(async (text) => {
      if (!isHarmless(text)) expect.unreachable(text);
      return text === 'true' || /'(zpool|true)'/.test(text) ? result('/usr/sbin/zpool\n') : result('', 1);
    });
    const b = bench();
    closing.push(
      () => b.pool.close(),
      () => fake.close(),
    );
    const context = b.step({ ...proven, ...more }, hostOf(fake));
    const checks = await b.meanwhile(b.actions(context).check(context));
    expect(fake.log.filter(({ text }) => !isHarmless(text))).toEqual([]);
    return checks.slice(3).map(({ verdict, detail }) => `${verdict}: ${detail}`);
  }

  it.each([
    ['zpool status -x', 'ready: its proof: /usr/sbin/zpool is there'],
    ['zpool-is-gone tank', 'fails: its proof: the command zpool-is-gone is not there'],
    [proof, `cannot-check: its proof: “${proof}” is more than one plain command: only running it would tell`],
    ['zpool destroy tank', 'ready: its proof: /usr/sbin/zpool is there'],
  ])('looks whether %s is there, and does not run it', async (given, seen) => {
    expect(await checked({ proof: given })).toEqual(['ready: /usr/sbin/zpool is there', seen]);
  });
});

describe('a run with a command that has a proof', () => {
  const sequence = sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'plan',
    name: 'Plan',
    stages: [
      {
        id: 'storage',
        name: 'Storage',
        steps: [
          { ...proven, id: 'export', command: 'zpool export {{pool}}', proof: '! zpool list {{pool}}', limit: 60 },
        ],
      },
    ],
    pointOfNoReturn: 'storage',
    returnStages: [],
    returnWhen: {},
    parameters: { pool: 'tank' },
  });

  /** Glidepath as it is after a start; all that it knows stands in the journal. */
  function started(journals: MemoryJournals) {
    const b = bench();
    closing.push(() => b.pool.close());
    const keeper = new RunKeeper({
      clock: b.clock,
      journals,
      steps: b.table,
      newRunId: () => 'run-1',
      report: (error) => expect.unreachable(String(error)),
      changed: () => undefined,
      expected: usual,
      timed: () => undefined,
      decided: () => undefined,
    });
    const moment = () => ({ wall: b.clock.now(), mono: b.clock.monotonic() });
    const go = async (isOver: () => boolean): Promise<RunView['steps'][string] | undefined> => {
      for (let turn = 0; !isOver() && turn < 2000; turn += 1) {
        // Real connections take real time, and not much of it.
        await new Promise((resolve) => setTimeout(resolve, 5));
        await b.clock.advance(250);
        keeper.advance(new Supplies(() => []), moment(), null);
      }
      return keeper.view?.steps.export;
    };
    const goOn = () => go(() => keeper.view?.downResult !== null);
    return { b, keeper, go, goOn };
  }

  const begun = async (storage: Storage, journals: MemoryJournals) => {
    const first = started(journals);
    await first.keeper.begin({ sequence, hash: 'h', armed: true }, [hostOf(storage.fake)], {
      cause: 'by-hand',
      why: 'Started by the test',
      followsPower: false,
      upses: [],
      wanted: null,
      met: [],
    });
    return first;
  };

  it('fills in the parameters of both', async () => {
    const storage = await Storage.open();
    const { goOn } = await begun(storage, new MemoryJournals());
    expect(await goOn()).toMatchObject({ state: 'done', proof: 'exit code 0 of its proof' });
    expect(storage.sent).toEqual([proof, exporting, proof]);
  });

  it('has it fail when the proof never comes true within the limit', async () => {
    const storage = await Storage.open();
    storage.worksFrom = Number.POSITIVE_INFINITY;
    const { goOn } = await begun(storage, new MemoryJournals());
    expect(await goOn()).toMatchObject({
      state: 'failed',
      fault: { code: 'limit-reached', what: expect.stringContaining('exit code 1 of its proof') },
    });
    expect(storage.count(exporting)).toBe(1);
  });

  it('leaves out a command whose effect is there already', async () => {
    const storage = await Storage.open();
    storage.isExported = true;
    const { goOn } = await begun(storage, new MemoryJournals());
    expect(await goOn()).toMatchObject({ state: 'already' });
    expect(storage.sent).not.toContain(exporting);
  });

  /** Glidepath dies while the command is under way, and is started again. */
  async function resumed(storage: Storage) {
    const journals = new MemoryJournals();
    journals.diesAt = 'next';
    storage.ends = async () => {
      journals.cutAfter = journals.written;
      return result();
    };
    const first = await begun(storage, journals);
    let isCut = false;
    journals.onCut = () => {
      isCut = true;
    };
    await first.go(() => isCut);
    expect(journals.records.at(-1)).toMatchObject({ type: 'intent', step: 'export' });
    journals.revive();
    storage.ends = async () => result();
    const before = storage.sent.length;
    const second = started(journals);
    second.b.clock.jump(first.b.clock.now() - second.b.clock.now());
    await second.keeper.load();
    return { end: await second.goOn(), sent: storage.sent.slice(before) };
  }

  it('looks at the proof first when it is resumed in doubt, and sends nothing again where that says yes', async () => {
    const { end, sent } = await resumed(await Storage.open());
    expect(end).toMatchObject({ state: 'done', proof: 'exit code 0 of its proof' });
    expect(new Set(sent)).toEqual(new Set([proof]));
  });

  it('sends it again when it is resumed in doubt, and the proof says no', async () => {
    const storage = await Storage.open();
    storage.worksFrom = 2;
    const { end, sent } = await resumed(storage);
    expect(end?.state).toBe('done');
    expect(sent[0]).toBe(proof);
    expect(sent.filter((text) => text === exporting)).toHaveLength(1);
  });
});
