import { expect, test } from 'vitest';
import { questionFor } from '../../electron/app/confirmations.ts';
import { createDoor } from '../../electron/app/door.ts';
import { createHandlers } from '../../electron/app/handlers.ts';
import { Questions } from '../../electron/app/questions.ts';
import { Workspace } from '../../electron/app/workspace.ts';
import type { RunView } from '../../shared/run.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { sampleEsx, sampleNas, sampleSequence } from '../fakes/sample-rack.ts';
import { sampleRun } from '../fakes/status.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const window = { isOurMainFrame: true, url: 'app://glidepath/index.html' };
const key = { type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };
const other = { id: 'other', name: 'Other' };

/** The real door, handlers and workspace, with a user who says what `says.yes` says. */
async function room() {
  const says = { yes: true, run: null as RunView | null };
  const asked: string[] = [];
  const started: string[] = [];
  const engine = {
    check: () => ({ problems: [], needs: 0, steps: [] }),
    setPlan: () => undefined,
    run: () => says.run,
    startByHand: async () => void started.push('run'),
    cancel: () => undefined,
  };
  const secrets = { isStrong: true, ids: async () => new Set<string>(), set: async () => {}, remove: async () => {} };
  const workspace = new Workspace({
    dataFolder: await temporaryFolder(),
    version: '1',
    engine,
    secrets,
    notifier: { notify: () => undefined },
    changed: () => undefined,
  });
  await workspace.load();
  const handlers = createHandlers({
    engine,
    workspace,
    publisher: { snapshot: () => expect.unreachable() },
    readRun: () => expect.unreachable(),
    readHostKey: async () => key,
  });
  const questions = new Questions(async ({ message }) => {
    asked.push(message);
    return says.yes;
  });
  const door = createDoor({
    handlers,
    questions,
    questionFor: (name, input) =>
      questionFor(name, input, { plan: workspace.plan(), hosts: workspace.hosts().hosts, run: says.run }),
    log: keptLog(),
  });
  const ask = (name: string, input: unknown) => door(window, name, input);
  for (const host of [sampleNas, sampleEsx, { ...sampleNas, ...other }]) await ask('hosts.save', { host });
  await ask('plan.save', { sequence: sampleSequence(), baseHash: '' });
  return { workspace, says, asked, started, ask };
}

async function armedRoom() {
  const all = await room();
  const { hash } = all.workspace.plan();
  expect(await all.ask('plan.arm', { hash })).toMatchObject({ ok: true });
  expect(all.asked.splice(0)).toEqual(['Arm “Rack plan”?']);
  return { ...all, hash };
}

const refusedFor = { ok: false, fault: { code: 'not-confirmed' } };

test('while armed, no request of the window changes what will be done without a yes', async () => {
  const { workspace, says, asked, started, ask, hash } = await armedRoom();
  await ask('hosts.readKey', { id: 'nas-1' });
  const before = JSON.stringify([workspace.plan(), workspace.hosts()]);
  says.yes = false;
  const emptied = sampleSequence({ stages: [{ id: 'storage', name: 'Storage', steps: [] }] });
  for (const [name, input] of [
    ['run.start', { hash }],
    ['plan.disarm', { hash }],
    ['plan.save', { sequence: emptied, baseHash: hash }],
    ['hosts.save', { host: { ...sampleNas, address: '10.6.6.6' } }],
    ['hosts.save', { host: { ...sampleNas, powerOffCommand: 'true' } }],
    ['hosts.pinKey', { id: 'nas-1', key }],
  ] as const) {
    expect(await ask(name, input), name).toMatchObject(refusedFor);
  }
  expect(JSON.stringify([workspace.plan(), workspace.hosts()])).toBe(before);
  expect(started).toEqual([]);
  expect(asked.splice(0)).toEqual([
    'Shut down 2 machines now?',
    'Disarm “Rack plan”?',
    'Save the armed plan?',
    'Change a host of the armed plan?',
    'Change a host of the armed plan?',
    'Change a host of the armed plan?',
  ]);
  says.yes = true;
  expect(await ask('plan.save', { sequence: emptied, baseHash: hash })).toMatchObject({ ok: true });
  expect(await ask('hosts.save', { host: { ...sampleEsx, address: '10.6.6.6' } })).toMatchObject({ ok: true });
  expect(workspace.plan().armed).toBe(true);
});

test('what changes nothing, or nothing that is armed, is not asked about', async () => {
  const { asked, ask, hash } = await armedRoom();
  expect(await ask('plan.save', { sequence: sampleSequence(), baseHash: hash })).toMatchObject({ ok: true });
  expect(await ask('hosts.save', { host: sampleNas })).toMatchObject({ ok: true });
  expect(await ask('hosts.save', { host: { ...sampleNas, ...other, address: '10.1.1.1' } })).toMatchObject({
    ok: true,
  });
  expect(asked).toEqual([]);
});

test('a host that a live run needs is changed only after a yes', async () => {
  const { says, asked, ask } = await room();
  says.run = sampleRun(5);
  says.yes = false;
  expect(await ask('hosts.save', { host: { ...sampleNas, user: 'root' } })).toMatchObject(refusedFor);
  says.run = sampleRun(10);
  expect(await ask('hosts.save', { host: { ...sampleNas, user: 'root' } })).toMatchObject({ ok: true });
  expect(asked).toEqual(['Change a host that a run needs?']);
});

test('only the key that the host has just shown, where it stands now, is pinned', async () => {
  const { ask, workspace } = await room();
  const pin = (given = key) => ask('hosts.pinKey', { id: 'nas-1', key: given });
  const no = { ok: false, fault: { code: 'refused' } };
  expect(await pin()).toMatchObject(no);
  await ask('hosts.readKey', { id: 'nas-1' });
  expect(await pin({ ...key, fingerprint: `SHA256:${'B'.repeat(43)}` })).toMatchObject(no);
  await ask('hosts.save', { host: { ...sampleNas, port: 2222 } });
  expect(await pin()).toMatchObject(no);
  await ask('hosts.readKey', { id: 'nas-1' });
  expect(await pin()).toMatchObject({ ok: true });
  expect(workspace.host('nas-1').hostKeys).toEqual([key]);
});
