import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJournalText } from '../../electron/storage/journal-text.ts';
import type { Rack } from '../fakes/rack/rack.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { App, newDataFolder } from './support/app.ts';
import { enterHosts, mainsOff, mainsOn, planFor, plugUps, powerOrder, rackUp, saveAndArm } from './support/lab.ts';

let rack: Rack;
let ups: FakeUps;
let app: App;
let data: string;

beforeEach(async () => {
  data = newDataFolder();
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  app = await App.start(data, ups.env());
  await app.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await enterHosts(app, rack);
});

afterEach(async () => {
  await app?.close();
  await ups?.dispose();
  await rack?.down();
});

const isOff = (): string[] => rack.hosts.filter((machine) => machine.state === 'off').map((machine) => machine.name);
const down = (): Promise<unknown> =>
  app.until('the way down', ({ run }) => (run?.phase === 'waiting-for-return' ? run : null), 90_000);

/** Commands that changed something on a host: not the looks. */
const sent = (): string[] =>
  rack.hosts.flatMap((machine) =>
    machine.commands
      .map((command) => command.text)
      .filter((text) => /power\.(shutdown|off)|maintenanceMode set|poweroff/.test(text)),
  );

/** The steps of which the journal says that they were going to be sent, and not what became of it. */
function inDoubt(): string[] {
  const [file = ''] = readdirSync(join(data, 'runs'));
  const { records } = readJournalText(file, readFileSync(join(data, 'runs', file)));
  const doubtful = new Set<string>();
  for (const record of records) {
    if (record.type === 'intent') doubtful.add(record.step);
    if (record.type === 'accepted' || record.type === 'step-ended') doubtful.delete(record.step);
  }
  return [...doubtful];
}

/** Every process of the app whose command line has this text. Children belong to threads: all must be asked. */
function processes(text: string): number[] {
  const found: number[] = [];
  const visit = (pid: number): void => {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)) found.push(pid);
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
        for (const child of children.split(' ').filter(Boolean)) visit(Number(child));
      }
    } catch {
      // It has ended meanwhile.
    }
  };
  visit(app.pid);
  return found;
}

describe('the plug goes back in', () => {
  test('before anything was sent: nothing is sent', async () => {
    await saveAndArm(app, planFor({ until: 'port-closed', pause: 30 }));
    mainsOff(ups);
    await app.until('the run', ({ run }) => run?.steps['pause-step']?.state === 'active');
    mainsOn(ups);
    const run = await app.until('its end', ({ run }) => (run?.phase === 'ended' ? run : null));
    expect(run.result).toBe('cancelled');
    expect(sent()).toEqual([]);
    expect(isOff()).toEqual([]);
  });

  test('after the point of no return: the run completes, then everything is woken', async () => {
    await saveAndArm(app, planFor({ until: 'port-closed' }));
    mainsOff(ups);
    await app.until('the line', ({ run }) => run?.noReturnAt);
    mainsOn(ups);
    const run = await app.until('the return', ({ run }) => (run?.phase === 'ended' ? run : null), 90_000);
    expect(run).toMatchObject({ result: 'done', downResult: 'done' });
    expect([...new Set(powerOrder(rack))].sort()).toEqual(expect.arrayContaining(['db', 'nas', 'web']));
    expect(rack.hosts.map((machine) => [machine.state, machine.wakeCount])).toEqual(
      Array.from({ length: 4 }, () => ['on', 1]),
    );
  });
});

test('the UPS is unplugged from USB while on battery: the last known runtime is counted down and the run starts', async () => {
  const plan = planFor({ until: 'port-closed' });
  await saveAndArm(app, plan);
  const { needs } = (await app.slices()).status.margin;
  const mustStart = Math.max(180, needs * 1.25);
  mainsOff(ups, Math.round(mustStart + 12));
  await app.until('the countdown', ({ status }) => status.decision.state === 'counting');
  await ups.unplug();
  const power = await app.until('lost contact', ({ status }) =>
    status.powers[0]?.state === 'lost-contact' ? status.powers[0] : null,
  );
  expect(power).toMatchObject({ runtimeFrom: 'counted-down' });
  const run = await app.until('the run', ({ run }) => run);
  expect(run).toMatchObject({ cause: 'runtime' });
  expect(run.why).toContain('counted down, no contact');
  await down();
  expect(isOff().length).toBe(4);
});

test('the HID worker is killed at the power cut: it is started again and the run starts', async () => {
  await saveAndArm(app, planFor({ until: 'port-closed' }));
  const workers = processes('node.mojom.NodeService');
  expect(workers.length).toBe(1);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  mainsOff(ups);
  await app.until('the run', ({ run }) => run);
  await down();
  expect(isOff().length).toBe(4);
  expect(processes('node.mojom.NodeService')).not.toEqual(workers);
});

describe('the app is killed in the middle of a run and started again', () => {
  const moments: [string, (app: App) => Promise<unknown>][] = [
    ['while guests shut down', (each) => each.until('guests', ({ run }) => run?.steps['guests-esx']?.accepted)],
    ['while hosts die', (each) => each.until('hosts', ({ run }) => run?.steps['off-web']?.accepted)],
    ['before the last host', (each) => each.until('nas', ({ run }) => run?.steps['off-nas']?.state === 'active')],
  ];
  test.each(moments)('%s: it is resumed, and nothing destructive is sent twice', async (_, moment) => {
    await saveAndArm(app, planFor({ until: 'port-closed' }));
    mainsOff(ups);
    await moment(app);
    await app.kill('SIGKILL');
    const doubtful = inDoubt();
    app = await App.start(data, ups.env());
    const run = await app.until(
      'the way down',
      ({ run }) => (run?.phase === 'waiting-for-return' ? run : null),
      90_000,
    );
    expect(run).toMatchObject({ downResult: 'done', resumes: 1 });
    expect(isOff().length).toBe(4);
    expect(rack.host('esx').crashedVms).toBe(0);
    // A command that nobody knows to have arrived is sent again if its host is seen to be on; no other is.
    const order = powerOrder(rack);
    const twice = order.filter((name, at) => order.indexOf(name) !== at);
    expect(twice.filter((name) => !doubtful.includes(`off-${name}`))).toEqual([]);
    mainsOn(ups);
    const ended = await app.until('the return', ({ run }) => (run?.phase === 'ended' ? run : null), 90_000);
    expect(ended.result).toBe('done');
    expect(isOff()).toEqual([]);
  });
});
