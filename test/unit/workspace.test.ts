import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Workspace } from '../../electron/brain/workspace.ts';
import type { Notice } from '../../electron/core/ports.ts';
import { contentHash } from '../../electron/storage/content-hash.ts';
import type { RunView } from '../../shared/run.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan } from '../../shared/view.ts';
import { sampleEsx, sampleNas, sampleSequence } from '../fakes/sample-rack.ts';
import { sampleRun } from '../fakes/status.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const nas = sampleNas;
const esx = sampleEsx;
const key = { type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };

/** Of what tells of the power. */
const [power, otherPower] = ['1'.repeat(64), '2'.repeat(64)];

/** An engine that finds an error in every plan whose name says so. */
async function workspaceIn(dataFolder: string, isArmedElsewhere = false) {
  const notices: Notice[] = [];
  const state: { run: RunView | null; plan: unknown; hosts: number } = { run: null, plan: undefined, hosts: -1 };
  const secrets = new Map<string, unknown>();
  const check = ({ sequence }: { sequence: Sequence }): CheckedPlan => ({
    problems: sequence.name.includes('wrong')
      ? [{ severity: 'error', stageId: null, stepId: null, what: 'wrong', remedy: '' }]
      : [],
    needs: 60,
    usually: 40,
    steps: [],
  });
  const workspace = new Workspace({
    dataFolder,
    version: '1.0.0',
    engine: {
      check,
      run: () => state.run,
      setPlan(plan, hosts) {
        state.plan = plan;
        state.hosts = hosts.length;
      },
    },
    secrets: {
      isStrong: true,
      ids: async () => new Set(secrets.keys()),
      set: async (id, credential) => void secrets.set(id, credential),
      setHostPassword: async () => expect.unreachable(),
      remove: async (id) => void secrets.delete(id),
    },
    notifier: { notify: (notice) => notices.push(notice) },
    channelIds: () => new Set(),
    isArmedElsewhere,
    changed: () => undefined,
  });
  await workspace.suppliesRead(power);
  await workspace.load();
  return { workspace, notices, state, secrets };
}

async function armedIn(dataFolder: string) {
  const all = await workspaceIn(dataFolder);
  const hash = await all.workspace.savePlan(sampleSequence(), '');
  await all.workspace.arm(hash);
  return { ...all, hash };
}

describe('arming', () => {
  test('holds for exactly the plan that was shown, and over a restart', async () => {
    const folder = await temporaryFolder();
    const { workspace, hash, state } = await armedIn(folder);
    expect(workspace.plan()).toMatchObject({ armed: true, hash });
    expect(state.plan).toMatchObject({ armed: true, hash });
    await expect(workspace.arm('0'.repeat(64))).rejects.toMatchObject({ fault: { code: 'refused' } });
    const again = await workspaceIn(folder);
    expect(again.workspace.plan()).toMatchObject({ armed: true, hash });
    expect(again.notices).toEqual([]);
  });

  test('is refused for a plan with errors', async () => {
    const { workspace } = await workspaceIn(await temporaryFolder());
    const hash = await workspace.savePlan(sampleSequence({ name: 'wrong' }), '');
    await expect(workspace.arm(hash)).rejects.toMatchObject({ fault: { code: 'refused', where: 'wrong' } });
    expect(workspace.plan().armed).toBe(false);
  });

  test('goes on with what is saved in the window, but not with errors', async () => {
    const { workspace, hash } = await armedIn(await temporaryFolder());
    const next = await workspace.savePlan(sampleSequence({ name: 'Renamed' }), hash);
    expect(workspace.plan()).toMatchObject({ armed: true, hash: next, sequence: { name: 'Renamed' } });
    await expect(workspace.savePlan(sampleSequence({ name: 'wrong' }), next)).rejects.toMatchObject({
      fault: { code: 'refused' },
    });
    expect(workspace.plan()).toMatchObject({ armed: true, hash: next });
  });

  test('does not pass to another plan by saving it', async () => {
    const { workspace } = await armedIn(await temporaryFolder());
    await expect(workspace.savePlan(sampleSequence({ id: 'other' }), '')).rejects.toMatchObject({
      fault: { code: 'refused' },
    });
  });

  test('is lost when the file changes behind our back, and the user is told once', async () => {
    const folder = await temporaryFolder();
    const { workspace, notices, state, hash } = await armedIn(folder);
    const file = join(folder, 'sequences', 'rack-plan.json');
    const text = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, text.replace('Rack plan', 'Rack plot'));
    await workspace.load();
    await workspace.load();
    expect(workspace.plan()).toMatchObject({ armed: false, sequence: { name: 'Rack plot' } });
    expect(workspace.plan().checked.problems[0]?.what).toContain('changed outside');
    expect(state.plan).toMatchObject({ armed: false });
    expect(notices).toMatchObject([{ urgency: 'critical', title: 'The plan is no longer armed' }]);
    // As it was: what the user armed.
    await fs.writeFile(file, text);
    await workspace.load();
    expect(workspace.plan()).toMatchObject({ armed: true, hash });
  });

  test('is not taken from the settings while nothing is armed here, whoever writes it there', async () => {
    const folder = await temporaryFolder();
    const { workspace, hash } = await armedIn(folder);
    const file = join(folder, 'settings.json');
    const armed = await fs.readFile(file, 'utf8');
    await workspace.disarm(hash);
    await fs.writeFile(file, armed);
    await workspace.load();
    expect(workspace.plan().armed).toBe(false);
    await fs.writeFile(file, '{');
    const { workspace: next } = await workspaceIn(folder);
    expect(next.plan().armed).toBe(false);
    // Only now it is first read what the session before left.
    await fs.writeFile(file, armed);
    await next.load();
    expect(next.plan()).toMatchObject({ armed: true, hash });
  });

  test('is lost when the file is gone or broken, and no other plan takes its place', async () => {
    const folder = await temporaryFolder();
    const { workspace, notices } = await armedIn(folder);
    await fs.writeFile(join(folder, 'sequences', 'another.json'), JSON.stringify(sampleSequence({ id: 'another' })));
    await fs.writeFile(join(folder, 'sequences', 'rack-plan.json'), '{');
    await workspace.load();
    expect(workspace.plan()).toMatchObject({
      sequence: null,
      armed: false,
      refused: [{ fault: { code: 'file-broken' } }],
    });
    expect(notices).toHaveLength(1);
  });

  test('is lost when a host changes behind our back, but not by a change in the window', async () => {
    const folder = await temporaryFolder();
    const { workspace, state, notices, hash } = await armedIn(folder);
    await workspace.saveHost(nas);
    await workspace.saveHost({ ...nas, address: '10.0.0.9' });
    await workspace.saveHost({ ...nas, id: 'other' });
    expect(workspace.plan()).toMatchObject({ armed: true, hash });
    expect((await workspaceIn(folder)).workspace.plan().armed).toBe(true);
    const file = join(folder, 'inventory.json');
    const text = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, text.replace('"id": "other"', '"id": "another"'));
    await workspace.load();
    expect(workspace.plan().armed).toBe(true);
    await fs.writeFile(file, text.replace('"user": "ups"', '"user": "root"'));
    // Not read yet: a change in the window must not pass it off as armed.
    await expect(workspace.saveHost({ ...nas, name: 'Big NAS' })).rejects.toMatchObject({ fault: { code: 'refused' } });
    await workspace.load();
    expect(state.plan).toMatchObject({ armed: false });
    expect(workspace.plan().checked.problems[0]?.what).toContain('hosts of “Rack plan” were changed outside');
    expect(notices).toHaveLength(1);
    await workspace.arm(hash);
    expect(workspace.plan()).toMatchObject({ armed: true, checked: { problems: [] } });
  });

  test.each<[string, (text: string) => string | null]>([
    ['are deleted', () => null],
    ['are replaced', (text) => text.replace(/"armed": \{[^}]*\}/, '"armed": null')],
    ['name another plan', (text) => text.replace('"activeSequence": "rack-plan"', '"activeSequence": "another"')],
  ])('is lost, and said so, when the settings %s', async (_how, change) => {
    const folder = await temporaryFolder();
    const { workspace, notices } = await armedIn(folder);
    await fs.writeFile(join(folder, 'sequences', 'another.json'), JSON.stringify(sampleSequence({ id: 'another' })));
    const file = join(folder, 'settings.json');
    const text = change(await fs.readFile(file, 'utf8'));
    await (text === null ? fs.rm(file) : fs.writeFile(file, text));
    await workspace.load();
    await workspace.load();
    expect(workspace.plan().armed).toBe(false);
    expect(workspace.plan().checked.problems[0]?.what).toContain('settings');
    expect(notices).toHaveLength(1);
    await workspace.arm(workspace.plan().hash);
    expect(workspace.plan()).toMatchObject({ armed: true, checked: { problems: [] } });
  });

  test('outlives a Glidepath that did not know what feeds a host', async () => {
    const folder = await temporaryFolder();
    const { hash } = await armedIn(folder);
    const text = await fs.readFile(join(import.meta.dirname, '..', 'fixtures', 'files', 'inventory-1.json'), 'utf8');
    await fs.writeFile(join(folder, 'inventory.json'), text);
    const { hosts } = JSON.parse(text) as { hosts: { id: string }[] };
    const hostsHash = contentHash(Object.fromEntries(hosts.map((host) => [host.id, host])));
    const settings = join(folder, 'settings.json');
    const kept = JSON.parse(await fs.readFile(settings, 'utf8'));
    await fs.writeFile(settings, JSON.stringify({ ...kept, armed: { ...kept.armed, hostsHash } }));
    const { workspace } = await workspaceIn(folder);
    expect(workspace.plan()).toMatchObject({ armed: true, hash });
    // What feeds it is part of what was armed from then on.
    const [first] = workspace.hosts().hosts;
    if (first) await workspace.saveHost({ ...first.host, fedBy: { upses: ['ups-1'], need: 'any' } });
    expect(workspace.plan().armed).toBe(true);
    const file = join(folder, 'inventory.json');
    await fs.writeFile(file, (await fs.readFile(file, 'utf8')).replace('"ups-1"', '"ups-2"'));
    await workspace.load();
    expect(workspace.plan().armed).toBe(false);
  });

  test('is lost when what tells of the power changes behind our back, but not by a change in the window', async () => {
    const folder = await temporaryFolder();
    const { workspace, notices, hash } = await armedIn(folder);
    await workspace.suppliesChanged(power, otherPower);
    await workspace.suppliesRead(otherPower);
    expect(workspace.plan()).toMatchObject({ armed: true, hash, checked: { problems: [] } });
    await workspace.suppliesRead(power);
    await workspace.load();
    expect(workspace.plan().armed).toBe(false);
    expect(workspace.plan().checked.problems[0]?.what).toContain('What tells “Rack plan” of the power was changed');
    expect(notices).toHaveLength(1);
    // What was changed outside and then in the window is not passed off as armed.
    await workspace.suppliesChanged(power, '3'.repeat(64));
    await workspace.suppliesRead('3'.repeat(64));
    expect(workspace.plan().armed).toBe(false);
    expect((await workspaceIn(folder)).workspace.plan().armed).toBe(false);
    await workspace.suppliesRead(otherPower);
    expect(workspace.plan().armed).toBe(true);
  });

  test('does not hold while nobody knows what tells of the power, and says so', async () => {
    const { workspace, notices, hash } = await armedIn(await temporaryFolder());
    await workspace.suppliesRead(null);
    expect(workspace.plan().armed).toBe(false);
    expect(workspace.plan().checked.problems[0]?.what).toContain('supplies.json cannot be read');
    expect(notices).toHaveLength(1);
    await expect(workspace.arm(hash)).rejects.toMatchObject({ fault: { code: 'refused', where: 'supplies.json' } });
    await workspace.suppliesRead(power);
    expect(workspace.plan()).toMatchObject({ armed: true, checked: { problems: [] } });
  });

  test('of a Glidepath that did not bind it to what tells of the power holds, and is bound from then on', async () => {
    const folder = await temporaryFolder();
    await armedIn(folder);
    const settings = join(folder, 'settings.json');
    const kept = JSON.parse(await fs.readFile(settings, 'utf8'));
    const { suppliesHash: _gone, ...armed } = kept.armed;
    await fs.writeFile(settings, JSON.stringify({ ...kept, armed }));
    const { workspace } = await workspaceIn(folder);
    expect(workspace.plan().armed).toBe(true);
    await workspace.suppliesRead(otherPower);
    expect(workspace.plan().armed).toBe(false);
  });

  test('ends by disarming, but not past the point of no return', async () => {
    const { workspace, state, hash } = await armedIn(await temporaryFolder());
    state.run = sampleRun(7);
    await expect(workspace.disarm(hash)).rejects.toMatchObject({ fault: { code: 'refused' } });
    expect(workspace.plan().armed).toBe(true);
    state.run = sampleRun(10);
    await workspace.disarm(hash);
    expect(workspace.plan().armed).toBe(false);
  });
});

test('a save over somebody else’s change is refused', async () => {
  const { workspace } = await workspaceIn(await temporaryFolder());
  const hash = await workspace.savePlan(sampleSequence(), '');
  await workspace.savePlan(sampleSequence({ name: 'Theirs' }), hash);
  await expect(workspace.savePlan(sampleSequence({ name: 'Mine' }), hash)).rejects.toMatchObject({
    fault: { code: 'refused' },
  });
  expect(workspace.plan().sequence?.name).toBe('Theirs');
});

describe('hosts', () => {
  test('are kept, with keys that only the user’s confirmation changes', async () => {
    const { workspace, state } = await workspaceIn(await temporaryFolder());
    await workspace.saveHost({ ...nas, hostKeys: [key] });
    expect(workspace.host('nas-1').hostKeys).toEqual([]);
    await workspace.pinKey('nas-1', key);
    await workspace.saveHost({ ...nas, name: 'Big NAS', hostKeys: [] });
    expect(workspace.host('nas-1')).toMatchObject({ name: 'Big NAS', hostKeys: [key] });
    const newer = { ...key, fingerprint: `SHA256:${'B'.repeat(43)}` };
    await workspace.pinKey('nas-1', newer);
    expect(workspace.host('nas-1').hostKeys).toEqual([newer]);
    expect(state.hosts).toBe(1);
  });

  test('lose their keys when they stand elsewhere, and their secret when they sign in otherwise', async () => {
    const { workspace, secrets } = await workspaceIn(await temporaryFolder());
    for (const elsewhere of [{ address: '10.0.0.99' }, { port: 2222 }]) {
      await workspace.saveHost(nas);
      await workspace.pinKey('nas-1', key);
      await workspace.setSecret('nas-1', 'x', '');
      await workspace.saveHost({ ...nas, ...elsewhere });
      expect(workspace.host('nas-1').hostKeys).toEqual([]);
      expect(secrets.size).toBe(1);
    }
    await workspace.saveHost({ ...nas, login: 'key' });
    expect(secrets.size).toBe(0);
    expect(workspace.hosts().hosts[0]?.hasSecret).toBe(false);
  });

  test('get their secret in the way in which they sign in', async () => {
    const { workspace, secrets } = await workspaceIn(await temporaryFolder());
    await workspace.saveHost(nas);
    await workspace.saveHost(esx);
    await workspace.setSecret('nas-1', 'x', '');
    await workspace.setSecret('esx-1', 'PEM', 'y');
    expect(secrets.get('nas-1')).toEqual({ kind: 'password', password: 'x' });
    expect(secrets.get('esx-1')).toEqual({ kind: 'key', privateKey: 'PEM', passphrase: 'y' });
    expect(workspace.hosts().hosts.map((each) => each.hasSecret)).toEqual([true, true]);
    await expect(workspace.setSecret('nobody', 'x', '')).rejects.toMatchObject({
      fault: { code: 'reference-missing' },
    });
  });

  test('go with their secret, unless an armed plan or a run needs them', async () => {
    const { workspace, secrets, state, hash } = await armedIn(await temporaryFolder());
    await workspace.saveHost(nas);
    await workspace.setSecret('nas-1', 'x', '');
    await expect(workspace.removeHost('nas-1')).rejects.toMatchObject({ fault: { code: 'refused' } });
    await workspace.disarm(hash);
    state.run = sampleRun(5);
    await expect(workspace.removeHost('nas-1')).rejects.toMatchObject({ fault: { code: 'refused' } });
    state.run = null;
    await workspace.removeHost('nas-1');
    expect(workspace.hosts().hosts).toEqual([]);
    expect(secrets.size).toBe(0);
  });

  test('stay in memory while their file is broken, and nothing is written over it', async () => {
    const folder = await temporaryFolder();
    const { workspace, state } = await workspaceIn(folder);
    await workspace.saveHost(nas);
    await fs.writeFile(join(folder, 'inventory.json'), '{ "hosts": ');
    await workspace.load();
    expect(state.hosts).toBe(1);
    expect(workspace.hosts()).toMatchObject({
      hosts: [{ host: { id: 'nas-1' } }],
      refused: { fault: { code: 'file-broken' } },
    });
    await expect(workspace.saveHost(esx)).rejects.toMatchObject({ fault: { code: 'file-broken' } });
    expect(await fs.readFile(join(folder, 'inventory.json'), 'utf8')).toBe('{ "hosts": ');
  });
});

test('broken settings are shown, arm nothing and are kept', async () => {
  const folder = await temporaryFolder();
  await armedIn(folder);
  await fs.writeFile(join(folder, 'settings.json'), '{}');
  const { workspace } = await workspaceIn(folder);
  expect(workspace.plan()).toMatchObject({ armed: false, refused: [{ fault: { code: 'file-broken' } }] });
  await expect(workspace.saveSettings({ startAtLogin: true, theme: 'dark', rehearse: 'daily' })).rejects.toMatchObject({
    fault: { code: 'file-broken' },
  });
  expect(await fs.readFile(join(folder, 'settings.json'), 'utf8')).toBe('{}');
});
