import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../shared/run-record.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, cutHard, off } from './bench.ts';

/** Pulls the plug, lets the process die once `cutAfter` records are on disk, and starts it again `gone` seconds later. */
async function crashed(
  cutAfter: number,
  diesAt: 'write' | 'next',
  gone: number,
  meanwhile: (made: Bench) => void = () => undefined,
): Promise<Bench> {
  const made = await bench();
  made.journals.cutAfter = cutAfter;
  made.journals.diesAt = diesAt;
  let died = false;
  made.journals.onCut = () => {
    died = true;
    made.kill();
  };
  made.ups.cut({ runtime: 100 });
  for (let second = 0; second < 300 && !died; second += 1) await made.seconds(1);
  expect(died).toBe(true);
  meanwhile(made);
  await made.seconds(gone);
  await made.restart();
  await made.seconds(10);
  return made;
}

async function recordsOfWholeRun(): Promise<RunRecord[]> {
  const made = await bench();
  made.ups.cut({ runtime: 100 });
  await made.seconds(200);
  return made.journals.records;
}

const downRecords = (await recordsOfWholeRun()).findIndex((record) => record.type === 'down-ended') + 1;

describe('a crash after every record of a run', () => {
  test('there are enough places to crash at', () => expect(downRecords).toBeGreaterThan(20));

  const moments = (['write', 'next'] as const).flatMap((diesAt) =>
    Array.from({ length: downRecords - (diesAt === 'next' ? 1 : 0) }, (_, index) => [index + 1, diesAt] as const),
  );

  test.each(moments)(
    'record %i, at its %s: the same end, nothing cut hard, nothing sent twice blindly',
    async (n, diesAt) => {
      const made = await crashed(n, diesAt, 5);
      await made.seconds(400);
      expect(made.errors).toEqual([]);
      expect(off(made)).toBe('esx web nas');
      expect(cutHard(made)).toBe(0);
      expect(made.engine.run()?.downResult).toBe('done');
      // Once, or once more for the one act whose intent was the last thing on disk.
      const acts = made.world.acts.filter((act) => act.startsWith('power-off') || act.startsWith('shut-down'));
      expect(acts.length - new Set(acts).size).toBeLessThanOrEqual(1);
      made.ups.restore({ charge: 80 });
      await made.seconds(400);
      expect(off(made)).toBe('');
      expect([...made.world.host('esx').guestsOn].sort()).toEqual(['vm1', 'vm2']);
      expect(made.engine.run()?.result).toBe('done');
    },
  );

  test.each(moments)(
    'record %i, at its %s, and the power is back for an hour when it starts again: nothing new is switched off',
    async (n, diesAt) => {
      let before: string[] = [];
      const made = await crashed(n, diesAt, 3600, (each) => {
        each.ups.restore({ charge: 80 });
        before = [...each.world.acts];
      });
      await made.seconds(600);
      const since = made.world.acts.slice(before.length);
      expect(since.filter((act) => /^(power-off|shut-down|enter)/.test(act))).toEqual([]);
      expect(off(made)).toBe('');
      expect(cutHard(made)).toBe(0);
    },
  );
});

test('a crash during the return: the return goes on', async () => {
  const made = await bench();
  made.ups.cut({ runtime: 100 });
  await made.seconds(120);
  made.ups.restore({ charge: 80 });
  await made.seconds(80);
  expect(made.engine.run()?.phase).toBe('return');
  await made.restart();
  await made.seconds(300);
  expect(made.engine.run()).toMatchObject({ result: 'done', resumes: 1 });
  expect(off(made)).toBe('');
});

test('a command that may have run is never run a second time', async () => {
  const sequence = rackSequence({
    stages: [
      {
        id: 'hosts',
        name: 'Hosts',
        steps: [{ id: 'script', kind: 'command', target: 'nas', command: '/root/stop-all' }],
      },
    ],
    returnStages: [],
  });
  const made = await bench({ sequence });
  made.journals.cutAfter = 5; // begun, the power, the line, step-started, then the intent
  made.journals.onCut = () => made.kill();
  made.ups.cut({ runtime: 100 });
  await made.seconds(15);
  expect(made.journals.records.at(-1)?.type).toBe('intent');
  await made.restart();
  await made.seconds(120);
  expect(made.world.countActs('command nas')).toBe(0);
  expect(made.engine.run()?.steps.script).toMatchObject({ state: 'failed', fault: { code: 'state-unknown' } });
});

test('an old run, and no UPS answers: nothing is sent until one does', async () => {
  const made = await crashed(4, 'write', 3600, (each) => {
    each.ups.plugged = false;
  });
  const acts = made.world.acts.length;
  await made.seconds(600);
  expect(made.world.acts.length).toBe(acts);
  expect(made.engine.status().decision.sentence).toMatch(/Waiting for the UPS/);
});

test('a fresh run, and no UPS answers: it goes on after half a minute', async () => {
  const made = await crashed(4, 'write', 5, (each) => {
    each.ups.plugged = false;
  });
  await made.seconds(300);
  expect(off(made)).toBe('esx web nas');
});

test('guests were asked, the answer was lost, half of them are off at the restart: all of them are started again', async () => {
  const intent = (await recordsOfWholeRun()).findIndex((record) => record.type === 'intent') + 1;
  const made = await crashed(intent, 'next', 12);
  expect(made.world.countActs('shut-down-guests esx')).toBeGreaterThan(0);

  await made.seconds(300);
  made.ups.restore({ charge: 80 });
  await made.seconds(400);
  expect([...made.world.host('esx').guestsOn].sort()).toEqual(['vm1', 'vm2']);
});

test('the computer that it runs on is back, and on battery again: what is on goes down once more', async () => {
  const hosts = [linux('nas'), { ...linux('own'), isThisComputer: true }];
  const stages = hosts.map(({ id }) => ({ id, name: id, steps: [{ id: `off-${id}`, kind: 'power-off', target: id }] }));
  const made = await bench({ hosts, sequence: rackSequence({ stages, pointOfNoReturn: 'nas', returnStages: [] }) });
  made.ups.cut({ runtime: 100 });
  const isTold = () => made.engine.run()?.steps['off-own']?.accepted === true;
  for (let second = 0; second < 300 && !isTold(); second += 1) await made.seconds(1);
  expect(isTold()).toBe(true);
  made.kill();
  await made.seconds(3600);
  // The mains were back for as long as both took to boot.
  for (const { id } of hosts) made.world.host(id).power = 'on';
  made.ups.cut({ runtime: 100 });
  await made.restart();
  await made.seconds(200);
  expect(made.journals.runs.size).toBe(2);
  expect(hosts.map(({ id }) => made.world.countActs(`power-off ${id}`))).toEqual([2, 2]);
});
