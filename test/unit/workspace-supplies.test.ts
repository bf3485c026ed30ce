import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SupplyBook } from '../../electron/brain/supply-book.ts';
import { withMet } from '../../electron/brain/supply-edits.ts';
import { type Sequence, type Step, stageSchema, stepSchema } from '../../shared/sequence.ts';
import type { KnownSupply, NutServer } from '../../shared/supplies.ts';
import type { PowerView } from '../../shared/view.ts';
import { sampleNas, sampleSequence } from '../fakes/sample-rack.ts';
import { samplePower } from '../fakes/status.ts';
import { armedRoom, certificate, room } from './confirmation-room.ts';

const power = (id: string, name = 'Back-UPS', patch: Partial<PowerView> = {}): PowerView =>
  samplePower({ ups: { ...samplePower().ups, id, name }, ...patch });
const known = (id: string, name = 'Mine', commandsAllowed = true): KnownSupply => ({ id, name, commandsAllowed });
const server: NutServer = { id: 'nut-1', kind: 'nut', address: '10.0.0.5', port: 3493, user: 'mon', certificate: null };

describe('a UPS that is met', () => {
  const met = (supplies: KnownSupply[], powers: PowerView[], allFound = true) => withMet(supplies, powers, allFound);

  test('belongs to the rack from then on, by its own name, without the right to be commanded', () => {
    expect(met([], [power('hid:1:2:A', ' APC\n RS ')])).toEqual({
      supplies: [known('hid:1:2:A', 'APC  RS', false)],
      moves: [],
    });
    expect(met([], [power('a', '\u0000')]).supplies[0]?.name).toBe('UPS');
    expect(met([], [power('a', 'x'.repeat(150))]).supplies[0]?.name).toHaveLength(100);
  });

  test('is not taken in twice, nor while it gives no answer', () => {
    const supplies = [known('hid:1:2:A')];
    expect(met(supplies, [power('hid:1:2:A'), power('hid:1:2:B', 'B', { state: 'lost-contact' })]).supplies).toEqual(
      supplies,
    );
  });

  test('on another port is the one of its make that is gone; it must be allowed anew', () => {
    const supplies = [known('hid:1:2@1-1'), known('hid:1:2@1-2', 'Other')];
    const here = [power('hid:1:2@1-2'), power('hid:1:2@1-3')];
    expect(met(supplies, here)).toEqual({
      supplies: [known('hid:1:2@1-3', 'Mine', false), known('hid:1:2@1-2', 'Other')],
      moves: [{ from: 'hid:1:2@1-1', to: 'hid:1:2@1-3' }],
    });
    // At the start the other one may only not have been found yet.
    expect(met(supplies, here, false)).toEqual({ supplies, moves: [] });
    // It is lost, but there is a place where it is shown: the new one is another one.
    const lost = power('hid:1:2@1-1', 'Mine', { state: 'lost-contact' });
    expect(met(supplies, [...here, lost]).supplies).toHaveLength(3);
    expect(met([known('nut:h:1/a@b')], [power('nut:h:1/a@c')]).moves).toEqual([]);
  });

  test('is one of 50 at most', () => {
    const many = Array.from({ length: 60 }, (_, n) => power(`hid:1:2:${n}`));
    expect(met([], many).supplies).toHaveLength(50);
  });
});

describe('the UPSes of the rack', () => {
  test('are kept in the file, and come from it', async () => {
    const { supplies, says } = await room();
    says.powers = [power('hid:1:2:A')];
    await Promise.all([supplies.meet(says.powers, true), supplies.meet(says.powers, true)]);
    expect(supplies.view().known).toEqual([known('hid:1:2:A', 'Back-UPS', false)]);
    await supplies.load();
    expect(supplies.view()).toEqual({ servers: [], known: [known('hid:1:2:A', 'Back-UPS', false)], refused: null });
  });

  test('take their hosts with them to another port, and an armed plan stays armed', async () => {
    const { supplies, workspace, ask } = await armedRoom();
    await supplies.meet([power('hid:1:2@1-1')], true);
    await ask('hosts.save', { host: { ...sampleNas, fedBy: { upses: ['hid:1:2@1-1', 'x'], need: 'all' } } });
    await supplies.meet([power('hid:1:2@1-7')], true);
    expect(supplies.known).toEqual([known('hid:1:2@1-7', 'Back-UPS', false)]);
    expect(workspace.host('nas-1').fedBy).toEqual({ upses: ['hid:1:2@1-7', 'x'], need: 'all' });
    expect(workspace.plan()).toMatchObject({ armed: true, checked: { problems: [] } });
    await workspace.load();
    expect(workspace.plan().armed).toBe(true);
  });

  test('go by their new ids in every plan that turns them off, and an armed plan stays armed', async () => {
    const { supplies, workspace, ask } = await armedRoom();
    await supplies.meet([power('hid:1:2@1-1')], true);
    const step = (id: string, ups: string): Step => stepSchema.parse({ id, kind: 'ups-off', ups });
    const { stages } = sampleSequence();
    const steps = [step('its', 'hid:1:2@1-1'), step('other', 'x')];
    const plan = sampleSequence({ stages: [...stages, stageSchema.parse({ id: 'last', name: 'Last', steps })] });
    expect(await ask('plan.save', { sequence: plan, baseHash: workspace.plan().hash })).toMatchObject({ ok: true });
    const file = join(workspace.settings().dataFolder, 'sequences', 'aside.json');
    await fs.writeFile(file, JSON.stringify({ ...plan, id: 'aside' }));
    await workspace.load();
    const { hash } = workspace.plan();
    const offs = ({ stages }: Sequence) =>
      stages.flatMap((stage) => stage.steps).flatMap((each) => (each.kind === 'ups-off' ? each.ups : []));

    await supplies.meet([power('hid:1:2@1-7')], true);
    const now = workspace.plan();
    expect(offs(now.sequence as Sequence)).toEqual(['hid:1:2@1-7', 'x']);
    expect(now).toMatchObject({ armed: true, checked: { problems: [] } });
    expect(now.hash).not.toBe(hash);
    expect(offs(JSON.parse(await fs.readFile(file, 'utf8')))).toEqual(['hid:1:2@1-7', 'x']);
    await workspace.load();
    expect(workspace.plan()).toMatchObject({ armed: true, hash: now.hash });
  });

  test('are not renamed where a plan that turns them off was changed meanwhile by another hand', async () => {
    const { supplies, workspace, ask } = await room();
    await supplies.meet([power('hid:1:2@1-1')], true);
    const last = { id: 'last', name: 'Last', steps: [{ id: 'off', kind: 'ups-off', ups: 'hid:1:2@1-1' }] };
    const plan = sampleSequence({ stages: [...sampleSequence().stages, stageSchema.parse(last)] });
    await ask('plan.save', { sequence: plan, baseHash: workspace.plan().hash });
    const file = join(workspace.settings().dataFolder, 'sequences', `${plan.id}.json`);
    await fs.writeFile(file, JSON.stringify({ ...plan, name: 'Changed' }));
    await expect(supplies.meet([power('hid:1:2@1-7')], true)).rejects.toMatchObject({ fault: { code: 'refused' } });
    expect(supplies.known).toEqual([known('hid:1:2@1-1', 'Back-UPS', false)]);
    expect(JSON.parse(await fs.readFile(file, 'utf8'))).toMatchObject({ name: 'Changed' });
  });

  test('stay in memory while their file is broken; nothing is written over it, and nothing is tried again and again', async () => {
    const { supplies, workspace } = await room();
    await supplies.meet([power('hid:1:2:A')], true);
    const file = join(workspace.settings().dataFolder, 'supplies.json');
    const good = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, '{ "servers": ');
    await supplies.load();
    expect(supplies.view()).toMatchObject({
      known: [{ id: 'hid:1:2:A' }],
      refused: { fault: { code: 'file-broken' } },
    });
    const both = [power('hid:1:2:A'), power('hid:1:2:B')];
    await expect(supplies.meet(both, true)).rejects.toMatchObject({ fault: { code: 'file-broken' } });
    await supplies.meet(both, true);
    expect(await fs.readFile(file, 'utf8')).toBe('{ "servers": ');
    await fs.writeFile(file, good);
    await supplies.load();
    await supplies.meet(both, true);
    expect(supplies.view()).toMatchObject({ known: [{ id: 'hid:1:2:A' }, { id: 'hid:1:2:B' }], refused: null });
  });

  test('are not written down every second when there are too many', async () => {
    const { supplies, workspace } = await room();
    const many = Array.from({ length: 60 }, (_, n) => power(`hid:1:2:${n}`));
    await supplies.meet(many, true);
    const { mtimeMs } = await fs.stat(join(workspace.settings().dataFolder, 'supplies.json'));
    await supplies.meet(many, true);
    expect((await fs.stat(join(workspace.settings().dataFolder, 'supplies.json'))).mtimeMs).toBe(mtimeMs);
  });
});

describe('the password of a server', () => {
  async function withPassword() {
    const all = await room();
    await all.ask('servers.save', { server });
    expect(await all.ask('servers.setPassword', { id: 'nut-1', password: 'correct horse' })).toMatchObject({
      ok: true,
    });
    return all;
  }

  test('is kept, known to be there, and never shown', async () => {
    const { supplies, secrets, workspace, passwords } = await withPassword();
    expect(passwords).toEqual(['nut-1']);
    expect(supplies.view().servers).toEqual([{ server, hasSecret: true, fault: null }]);
    expect(await secrets.password(server)).toBe('correct horse');
    expect(JSON.stringify([supplies.view(), workspace.hosts()])).not.toContain('horse');
    expect(await fs.readFile(join(workspace.settings().dataFolder, 'supplies.json'), 'utf8')).not.toContain('horse');
  });

  test.each<[string, object, boolean]>([
    ['nothing', {}, true],
    ['its address', { address: '10.6.6.6' }, false],
    ['its port', { port: 3494 }, false],
    ['its user', { user: 'admin' }, false],
    ['what it is', { kind: 'apcupsd', user: undefined, certificate: undefined }, false],
  ])('when %s changes', async (_what, patch, isKept) => {
    const { ask, secrets, supplies } = await withPassword();
    const changed = Object.fromEntries(
      Object.entries({ ...server, ...patch }).filter(([, value]) => value !== undefined),
    );
    expect(await ask('servers.save', { server: changed })).toMatchObject({ ok: true });
    const now = supplies.servers[0] as NutServer;
    expect(await secrets.password(now)).toBe(isKept ? 'correct horse' : null);
    expect(supplies.view().servers[0]?.hasSecret).toBe(isKept);
  });

  test('does not go in the clear where it was given for a certificate', async () => {
    const { ask, secrets } = await room();
    const { value } = (await ask('servers.readCertificate', { address: server.address, port: 3493 })) as {
      value: { fingerprint: string };
    };
    await ask('servers.save', { server: { ...server, certificate: value.fingerprint } });
    await ask('servers.setPassword', { id: 'nut-1', password: 'x' });
    await ask('servers.save', { server });
    expect(await secrets.password(server)).toBe(null);
  });

  test('goes with its server, and is given to none that needs none', async () => {
    const { ask, secrets } = await withPassword();
    expect(await ask('servers.remove', { id: 'nut-1' })).toMatchObject({ ok: true });
    expect(await secrets.password(server)).toBe(null);
    const no = (id: string) => ask('servers.setPassword', { id, password: 'x' });
    expect(await no('nut-1')).toMatchObject({ fault: { code: 'reference-missing' } });
    await ask('servers.save', { server: { ...server, user: '' } });
    await ask('servers.save', { server: { id: 'apc', kind: 'apcupsd', address: 'b', port: 3551 } });
    expect(await no('nut-1')).toMatchObject({ fault: { code: 'refused' } });
    expect(await no('apc')).toMatchObject({ fault: { code: 'refused' } });
    expect((await secrets.serverIds()).size).toBe(0);
  });
});

describe('a supplies.json that is changed outside Glidepath', () => {
  /** Armed, with a server that is encrypted and has a password. */
  async function armedWithServer() {
    const all = await armedRoom();
    await all.ask('servers.readCertificate', { address: server.address, port: server.port });
    const encrypted = { ...server, certificate };
    expect(await all.ask('servers.save', { server: encrypted })).toMatchObject({ ok: true });
    expect(await all.ask('servers.setPassword', { id: 'nut-1', password: 'hunter2' })).toMatchObject({ ok: true });
    expect(all.workspace.plan().armed).toBe(true);
    const path = join(all.workspace.settings().dataFolder, 'supplies.json');
    const rewritten = async (change: (text: string) => string) => {
      await fs.writeFile(path, change(await fs.readFile(path, 'utf8')));
      await all.supplies.load();
      await all.workspace.load();
    };
    return { ...all, path, encrypted, rewritten };
  }

  test('sends no password elsewhere, and ends the arming', async () => {
    const { supplies, secrets, workspace, rewritten } = await armedWithServer();
    await rewritten((text) =>
      text.replace('10.0.0.5', '203.0.113.9').replace(/"certificate": "SHA256:[0-9a-f]*"/, '"certificate": null'),
    );
    const [moved] = supplies.servers as NutServer[];
    expect(moved).toMatchObject({ address: '203.0.113.9', certificate: null });
    await expect(secrets.password(moved as NutServer)).rejects.toMatchObject({ fault: { code: 'no-credential' } });
    expect(workspace.plan().armed).toBe(false);
    expect(workspace.plan().checked.problems[0]?.what).toContain('power was changed outside');
  });

  test.each<[string, (text: string) => string]>([
    ['another certificate', (text) => text.replace(/SHA256:[0-9a-f]*/, `SHA256:${'f'.repeat(64)}`)],
    ['no server', (text) => JSON.stringify({ ...JSON.parse(text), servers: [] })],
    [
      'a word of the user on what discharging means',
      (text) =>
        JSON.stringify({ ...JSON.parse(text), supplies: [{ ...known('u', 'U', false), dischargeIsOutage: true }] }),
    ],
  ])('ends the arming by %s', async (_what, change) => {
    const { workspace, rewritten } = await armedWithServer();
    await rewritten(change);
    expect(workspace.plan().armed).toBe(false);
  });

  test('ends the arming when it is gone, and not when it is broken', async () => {
    const { workspace, supplies, path, rewritten } = await armedWithServer();
    const good = await fs.readFile(path, 'utf8');
    await rewritten(() => '{');
    expect(workspace.plan().armed).toBe(true);
    await rewritten(() => good);
    await fs.rm(path);
    await supplies.load();
    await workspace.load();
    expect(workspace.plan().armed).toBe(false);
  });

  test('tells nothing of the power when it is broken from the start', async () => {
    const { workspace, supplies, secrets, path } = await armedWithServer();
    const good = await fs.readFile(path, 'utf8');
    await fs.writeFile(path, '{');
    const nothing = async () => undefined;
    const atStart = new SupplyBook({
      dataFolder: workspace.settings().dataFolder,
      secrets,
      faults: () => new Map(),
      moved: nothing,
      rebound: nothing,
      passwordChanged: () => undefined,
      changed: () => undefined,
    });
    await atStart.load();
    expect(atStart.hash).toBe(null);
    await fs.writeFile(path, good);
    await atStart.load();
    expect(atStart.hash).toBe(supplies.hash);
  });

  test('cannot be passed off as armed by a change in the window', async () => {
    const { workspace, path, ask } = await armedWithServer();
    const text = await fs.readFile(path, 'utf8');
    // Not read yet.
    await fs.writeFile(path, text.replace('10.0.0.5', '203.0.113.9'));
    const other = { id: 'apc', kind: 'apcupsd', address: 'b', port: 3551 };
    expect(await ask('servers.save', { server: other })).toMatchObject({ ok: true });
    await workspace.load();
    expect(workspace.plan().armed).toBe(false);
  });

  test('does not lend the password that is left in secrets.json to a new server', async () => {
    const { supplies, secrets, ask, path, encrypted } = await armedWithServer();
    await fs.rm(path);
    await supplies.load();
    await ask('servers.save', { server: { ...server, address: '203.0.113.9' } });
    expect(supplies.view().servers).toMatchObject([{ hasSecret: false }]);
    expect(await secrets.password(encrypted)).toBe(null);
  });
});

describe('a server that is at another place now', () => {
  const upsId = 'nut:10.0.0.5:3493/rack';

  async function withUps() {
    const all = await armedRoom();
    await all.ask('servers.save', { server });
    await all.supplies.meet([power(upsId), power('nut:10.0.0.55:3493/rack', 'Other')], true);
    await all.ask('ups.save', { supply: { ...known(upsId, 'Mine'), dischargeIsOutage: true } });
    await all.ask('hosts.save', { host: { ...sampleNas, fedBy: { upses: [upsId, 'x'], need: 'all' } } });
    all.questionsAsked.splice(0);
    return all;
  }

  test('takes its UPSes and their hosts with it, and an armed plan stays armed', async () => {
    const { supplies, workspace, ask, questionsAsked } = await withUps();
    expect(await ask('servers.save', { server: { ...server, address: '10.0.0.6' } })).toMatchObject({ ok: true });
    expect(questionsAsked[0]?.detail).toContain('taken to be the same there; commands to them must be allowed anew');
    expect(supplies.known).toEqual([
      { ...known('nut:10.0.0.6:3493/rack', 'Mine', false), dischargeIsOutage: true },
      known('nut:10.0.0.55:3493/rack', 'Other', false),
    ]);
    expect(workspace.host('nas-1').fedBy.upses).toEqual(['nut:10.0.0.6:3493/rack', 'x']);
    await workspace.load();
    expect(workspace.plan()).toMatchObject({ armed: true, checked: { problems: [] } });
    expect(await ask('servers.save', { server: { ...server, address: '10.0.0.6', port: 1 } })).toMatchObject({
      ok: true,
    });
    expect(workspace.host('nas-1').fedBy.upses).toEqual(['nut:10.0.0.6:1/rack', 'x']);
  });

  test('does not make two of one that is known there already, nor follow another kind of server', async () => {
    const { supplies, workspace, ask } = await withUps();
    await ask('servers.save', { server: { ...server, address: '10.0.0.55' } });
    expect(supplies.known).toEqual([known('nut:10.0.0.55:3493/rack', 'Other', false)]);
    expect(workspace.host('nas-1').fedBy.upses).toEqual(['nut:10.0.0.55:3493/rack', 'x']);
    await ask('servers.save', { server: { id: 'nut-1', kind: 'apcupsd', address: '10.0.0.55', port: 3493 } });
    expect(workspace.host('nas-1').fedBy.upses).toEqual(['nut:10.0.0.55:3493/rack', 'x']);
    await supplies.load();
    expect(supplies.view().refused).toBe(null);
  });

  test('changes nothing when the hosts cannot be told', async () => {
    const { supplies, workspace, ask } = await withUps();
    await fs.writeFile(join(workspace.settings().dataFolder, 'inventory.json'), '{');
    expect(await ask('servers.save', { server: { ...server, address: '10.0.0.6' } })).toMatchObject({
      fault: { code: 'file-broken' },
    });
    expect(supplies.servers).toEqual([server]);
    await supplies.load();
    expect(supplies.servers).toEqual([server]);
  });
});

test('there are 20 servers at most, and the file stays readable', async () => {
  const { ask, supplies } = await room();
  for (let n = 0; n < 20; n += 1)
    expect(await ask('servers.save', { server: { ...server, id: `nut-${n}` } })).toMatchObject({ ok: true });
  expect(await ask('servers.save', { server: { ...server, id: 'one-more' } })).toMatchObject({
    fault: { code: 'refused' },
  });
  expect(await ask('servers.save', { server: { ...server, id: 'nut-3', port: 1 } })).toMatchObject({ ok: true });
  await supplies.load();
  expect(supplies.view()).toMatchObject({ refused: null, servers: { length: 20 } });
});
