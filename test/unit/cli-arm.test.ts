import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SupplyBook } from '../../electron/brain/supply-book.ts';
import { Workspace } from '../../electron/brain/workspace.ts';
import { type ArmDeps, arm, disarm } from '../../electron/cli/arm.ts';
import { GivenSecrets } from '../../electron/cli/given-secrets.ts';
import { readFolder } from '../../electron/cli/stored-folder.ts';
import { sequenceHash } from '../../electron/storage/sequence-hash.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Slices } from '../../shared/view.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { scenarios } from '../fakes/window/scenarios.ts';

const sequence = rackSequence();
const other = rackSequence({ id: 'another', name: 'Another' });
const hash = sequenceHash(sequence);
const secrets = new GivenSecrets(null);
const secretIds = new Set(['esx', 'web', 'nas']);

const put = (path: string, value: object) => writeFileSync(path, JSON.stringify(value));

async function furnished(): Promise<string> {
  const folder = await temporaryFolder();
  put(join(folder, 'inventory.json'), { format: 'glidepath-inventory', version: 4, hosts: rackHosts() });
  mkdirSync(join(folder, 'sequences'));
  for (const each of [sequence, other]) put(join(folder, 'sequences', `${each.id}.json`), each);
  return folder;
}

interface Scene {
  live?: Slices | null;
  secretIds?: ReadonlySet<string>;
}

async function asked(dataFolder: string, patch: Partial<ArmDeps> = {}, scene: Scene = {}) {
  const said: string[] = [];
  const questions: string[] = [];
  const deps: ArmDeps = {
    dataFolder,
    look: async () => ({
      folder: await readFolder(dataFolder, scene.secretIds ?? secretIds, null, () => undefined),
      live: scene.live ?? null,
    }),
    shown: async () => scene.live ?? null,
    secrets,
    release: '1',
    say: (line) => said.push(line),
    confirm: async (question) => void questions.push(question),
    pause: async () => undefined,
    ...patch,
  };
  return { deps, said, questions };
}

/** What a daemon takes from the files. */
async function daemonIn(dataFolder: string) {
  const workspace = new Workspace({
    dataFolder,
    version: '1',
    engine: {
      check: () => ({ problems: [], needs: 0, usually: 0, steps: [] }),
      setPlan: () => undefined,
      run: () => null,
    },
    secrets: {
      isStrong: true,
      ids: async () => secretIds,
      set: () => expect.unreachable(),
      setHostPassword: () => expect.unreachable(),
      remove: async () => undefined,
    },
    notifier: { notify: () => undefined },
    channelIds: () => new Set(),
    isArmedElsewhere: true,
    changed: () => undefined,
  });
  const supplies = new SupplyBook({
    dataFolder,
    secrets,
    faults: () => new Map(),
    moved: async () => undefined,
    rebound: async () => undefined,
    passwordChanged: () => undefined,
    changed: () => undefined,
  });
  const load = async () => {
    await supplies.load();
    await workspace.load();
    await workspace.suppliesRead(supplies.hash);
    return workspace.plan();
  };
  await load();
  return { load };
}

const settingsOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'));
const refused = (what: RegExp) => ({ fault: { code: 'refused', what: expect.stringMatching(what) } });

describe('arming without a window', () => {
  it('says what will be done to whom, asks, and binds the sequence, its hosts and what tells of the power', async () => {
    const folder = await furnished();
    const { deps, said, questions } = await asked(folder);
    expect(await arm(hash, deps)).toBe(
      '“Rack” is armed. No Glidepath controls this folder now: it counts from the next start on.\n',
    );
    expect(questions).toEqual(['Arm it?']);
    expect(said.join('\n')).toMatch(
      /“Rack” \([0-9a-f]{64}\)\n.*act on 3 machines[^\n]*\n {2}esx: Shut down guests, Enter maintenance mode, Power off\n {2}web: Power off\n {2}nas: Power off$/,
    );
    expect(settingsOf(folder)).toMatchObject({ activeSequence: 'rack', armed: { sequenceId: 'rack', hash } });
    expect(settingsOf(folder).armed.suppliesHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shows a command without what a terminal would obey', async () => {
    const folder = await furnished();
    const [stage] = sequence.stages;
    const step = { id: 'trick', kind: 'command', target: 'web', command: 'true\u001b[1A\u001b[2K\n  nobody: nothing' };
    const tricky = rackSequence({ stages: [{ ...stage, id: 'extra', steps: [step] }, ...sequence.stages] });
    put(join(folder, 'sequences', `${sequence.id}.json`), tricky);
    const { deps, said } = await asked(folder);
    await arm(sequenceHash(tricky), deps);
    const shown = said.slice(2);
    expect(shown[0]).toBe('  web: true?[1A?[2K nobody: nothing, Power off');
    expect(shown.join('')).not.toContain('\n');
  });

  it('without a yes changes nothing', async () => {
    const folder = await furnished();
    const no = new FaultError({ code: 'not-confirmed', what: 'no', where: '', remedy: '' });
    const { deps } = await asked(folder, { confirm: () => Promise.reject(no) });
    await expect(arm(hash, deps)).rejects.toBe(no);
    await expect(arm(sequenceHash(other), deps)).rejects.toBe(no);
    expect(() => settingsOf(folder)).toThrow(/ENOENT/);
  });

  it('refuses what is not stored, and what has errors', async () => {
    const folder = await furnished();
    const { deps, questions } = await asked(folder);
    await expect(arm('a'.repeat(64), deps)).rejects.toMatchObject(refused(/No sequence of this folder has the hash/));
    expect(questions).toEqual([]);
    const { deps: bare } = await asked(folder, {}, { secretIds: new Set() });
    await expect(arm(hash, bare)).rejects.toMatchObject(refused(/It has errors, so it cannot be armed/));
  });

  it('is taken at once by a daemon that runs, also of another sequence, and so is disarming', async () => {
    const folder = await furnished();
    const daemon = await daemonIn(folder);
    await arm(hash, (await asked(folder)).deps);
    expect(await daemon.load()).toMatchObject({ armed: true, hash });
    await expect(arm(sequenceHash(other), (await asked(folder)).deps)).rejects.toMatchObject(
      refused(/“Rack” is armed/),
    );
    expect(await disarm((await asked(folder)).deps)).toBe('“Rack” is not armed.\n');
    expect(await daemon.load()).toMatchObject({ armed: false, checked: { problems: [] } });
    await arm(sequenceHash(other), (await asked(folder)).deps);
    expect(await daemon.load()).toMatchObject({ armed: true, hash: sequenceHash(other) });
    await expect(disarm((await asked(await furnished())).deps)).rejects.toMatchObject(refused(/No plan is armed/));
  });

  it('is not taken by a daemon when something that it is bound to was changed', async () => {
    const folder = await furnished();
    const daemon = await daemonIn(folder);
    await arm(hash, (await asked(folder)).deps);
    await daemon.load();
    const supplies = { format: 'glidepath-supplies', version: 1, servers: [], supplies: [] };
    const server = { id: 'nut', kind: 'nut', address: '10.0.0.9', port: 3493, user: '', certificate: null };
    put(join(folder, 'supplies.json'), { ...supplies, servers: [server] });
    expect(await daemon.load()).toMatchObject({ armed: false });
    put(join(folder, 'supplies.json'), supplies);
    expect(await daemon.load()).toMatchObject({ armed: true });
    // What does not say of which UPS servers stays bound to those that were there.
    const { suppliesHash: _bound, ...unbound } = settingsOf(folder).armed;
    put(join(folder, 'settings.json'), { ...settingsOf(folder), armed: unbound });
    expect(await daemon.load()).toMatchObject({ armed: true });
    put(join(folder, 'supplies.json'), { ...supplies, servers: [server] });
    expect(await daemon.load()).toMatchObject({ armed: false });
  });

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'its hosts',
      (folder) => {
        const hosts = rackHosts().map((host) => ({ ...host, address: '10.0.0.66' }));
        put(join(folder, 'inventory.json'), { format: 'glidepath-inventory', version: 4, hosts });
      },
      /The hosts of “Rack” were changed since the question/,
    ],
    [
      'what tells of the power',
      (folder) => {
        const server = { id: 'nut', kind: 'nut', address: '10.0.0.9', port: 3493, user: '', certificate: null };
        put(join(folder, 'supplies.json'), {
          format: 'glidepath-supplies',
          version: 1,
          servers: [server],
          supplies: [],
        });
      },
      /What tells “Rack” of the power was changed since the question/,
    ],
    [
      'the sequence',
      (folder) => put(join(folder, 'sequences', 'rack.json'), { ...sequence, name: 'Otherwise' }),
      /No sequence of this folder has the hash/,
    ],
  ])('is refused when %s was changed while the question stood there', async (_what, change, why) => {
    const folder = await furnished();
    const { deps } = await asked(folder, { confirm: async () => change(folder) });
    await expect(arm(hash, deps)).rejects.toMatchObject(refused(why));
    expect(() => settingsOf(folder)).toThrow(/ENOENT/);
  });

  it('is said when a daemon that runs has taken it, and not before', async () => {
    const folder = await furnished();
    const daemon = await daemonIn(folder);
    const slices = scenarios.mains();
    let looks = 0;
    // As one that is told of a changed file a moment later.
    const shown = async () => ({
      ...slices,
      plan: ++looks < 4 ? { ...slices.plan, armed: false } : await daemon.load(),
    });
    expect(await arm(hash, (await asked(folder, { shown }, { live: slices })).deps)).toBe('“Rack” is armed.\n');
    expect(looks).toBe(4);
  });

  it('is not said when the daemon does not take it, or is gone', async () => {
    const folder = await furnished();
    const slices = scenarios.mains();
    const live = { ...slices, plan: { ...slices.plan, hash, armed: false } };
    const deaf = (await asked(folder, {}, { live })).deps;
    await expect(arm(hash, deaf)).rejects.toMatchObject(refused(/the daemon has not taken it\. It does not act by it/));
    await expect(arm(hash, { ...deaf, shown: async () => null })).rejects.toMatchObject(refused(/It is gone/));
    const still = { ...live, plan: { ...live.plan, armed: true } };
    await expect(disarm({ ...deaf, shown: async () => still })).rejects.toMatchObject(refused(/has not taken it/));
    expect(settingsOf(folder).armed).toBeNull();
  });

  it('shows no name that turns a line round', async () => {
    const folder = await furnished();
    const turned = { ...sequence, name: 'Rack \u202e kcaR' };
    put(join(folder, 'sequences', 'rack.json'), turned);
    const hosts = rackHosts().map((host) => ({ ...host, name: `${host.id} \u202e` }));
    put(join(folder, 'inventory.json'), { format: 'glidepath-inventory', version: 4, hosts });
    const { deps, said } = await asked(folder);
    said.push(await arm(sequenceHash(turned), deps), await disarm(deps));
    expect(said.length).toBeGreaterThan(6);
    expect(said.join('').match(/\u202e/)).toBeNull();
  });

  it('disarming waits for a shutdown that is past its line', async () => {
    const folder = await furnished();
    await arm(hash, (await asked(folder)).deps);
    const scene: Scene = {};
    // It is passed while the question stands there.
    const confirm = async () => {
      scene.live = scenarios['past-line']();
    };
    const { deps } = await asked(folder, { confirm }, scene);
    await expect(disarm(deps)).rejects.toMatchObject(refused(/passed its point of no return/));
    expect(settingsOf(folder).armed.hash).toBe(hash);
  });
});
