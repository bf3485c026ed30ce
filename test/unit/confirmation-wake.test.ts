import { expect, test } from 'vitest';
import { stageSchema, stepSchema } from '../../shared/sequence.ts';
import { sampleNas, sampleSequence } from '../fakes/sample-rack.ts';
import { supply } from '../fakes/supply-view.ts';
import { armedRoom, hostKey, room } from './confirmation-room.ts';

const certificate = { type: 'x509', fingerprint: `SHA256:${'C'.repeat(43)}` };
const bmc = { protocol: 'redfish', address: '10.0.0.9', user: 'ups', certificate: null } as const;
const withBmc = { ...sampleNas, bmc };

test('a management controller is trusted by the certificate that it has just shown, and by no other', async () => {
  const { ask, workspace } = await room();
  const pinned = () => workspace.host('nas-1').bmc?.certificate;
  await ask('hosts.save', { host: { ...withBmc, bmc: { ...bmc, certificate } } });
  expect(pinned()).toBe(null);
  const pin = { id: 'nas-1', of: 'bmc', key: hostKey };
  expect(await ask('hosts.pinKey', pin)).toMatchObject({ ok: false, fault: { code: 'refused' } });
  // What the host itself has shown is none of its controller.
  await ask('hosts.readKey', { id: 'nas-1' });
  expect(await ask('hosts.pinKey', pin)).toMatchObject({ ok: false, fault: { code: 'refused' } });
  expect(await ask('hosts.readKey', { id: 'nas-1', of: 'bmc' })).toMatchObject({ ok: true, value: hostKey });
  expect(await ask('hosts.pinKey', { ...pin, key: certificate })).toMatchObject({ ok: false });
  expect(await ask('hosts.pinKey', pin)).toMatchObject({ ok: true });
  expect(pinned()).toEqual(hostKey);
  expect(workspace.host('nas-1').hostKeys).toEqual([]);
  await ask('hosts.save', { host: { ...withBmc, name: 'Big NAS' } });
  expect(pinned()).toEqual(hostKey);
  await ask('hosts.save', { host: { ...withBmc, bmc: { ...bmc, address: '10.6.6.6' } } });
  expect(pinned()).toBe(null);
});

test('the window keeps passwords for waking, and is shown only that they are kept', async () => {
  const { ask, workspace } = await room();
  await ask('hosts.save', { host: { ...withBmc, secureOn: true } });
  const kept = () => workspace.hosts().hosts.find(({ host }) => host.id === 'nas-1')?.alsoKept;
  expect(kept()).toEqual([]);
  const secret = { id: 'nas-1', passphrase: '' };
  expect(await ask('hosts.setSecret', { ...secret, slot: 'bmc', secret: 'x' })).toMatchObject({ ok: true });
  expect(await ask('hosts.setSecret', { ...secret, slot: 'secure-on', secret: 'no' })).toMatchObject({ ok: false });
  expect(await ask('hosts.setSecret', { ...secret, slot: 'secure-on', secret: '192.0.2.7' })).toMatchObject({
    ok: true,
  });
  expect(kept()).toEqual(['secure-on', 'bmc']);
  await ask('hosts.remove', { id: 'nas-1' });
  await ask('hosts.save', { host: withBmc });
  expect(kept()).toEqual([]);
});

test('a password for waking goes to what it was given for, and to nothing else', async () => {
  const { ask, workspace } = await room();
  const kept = () => workspace.hosts().hosts.find(({ host }) => host.id === 'nas-1')?.alsoKept;
  const save = (change: object) => ask('hosts.save', { host: { ...withBmc, secureOn: true, ...change } });
  const secret = { id: 'nas-1', passphrase: '' };
  await save({});
  await ask('hosts.setSecret', { ...secret, slot: 'bmc', secret: 'x' });
  await ask('hosts.setSecret', { ...secret, slot: 'secure-on', secret: '192.0.2.7' });
  // Redfish elsewhere is told nothing before its certificate is confirmed.
  await save({ bmc: { ...bmc, address: '10.0.0.10' } });
  await save({ bmc: { ...bmc, protocol: 'ipmi', address: '10.0.0.10' } });
  expect(kept()).toEqual(['secure-on', 'bmc']);
  await save({ bmc: { ...bmc, protocol: 'ipmi', address: '10.6.6.6' } });
  expect(kept()).toEqual(['secure-on']);
  await save({ secureOn: false });
  await save({});
  expect(kept()).toEqual([]);
  await ask('hosts.setSecret', { ...secret, slot: 'bmc', secret: 'x' });
  await save({ bmc: null });
  await save({});
  expect(kept()).toEqual([]);
});

test('who arms a plan that turns off a UPS is told so by its name', async () => {
  const { ask, workspace, says, questionsAsked } = await room();
  says.powers = [supply('u1')];
  const name = says.powers[0]?.ups.name;
  const steps = [undefined, 2].map((outlet) =>
    stepSchema.parse({ id: `ups-${outlet ?? 'all'}`, kind: 'ups-off', ups: 'u1', outlet }),
  );
  const { stages } = sampleSequence();
  const sequence = sampleSequence({ stages: [...stages, stageSchema.parse({ id: 'last', name: 'Last', steps })] });
  await ask('plan.save', { sequence, baseHash: workspace.plan().hash });
  await ask('plan.arm', { hash: workspace.plan().hash });
  expect(questionsAsked.at(-1)?.detail).toContain(
    `Then ${name}, ${name} (outlet group 2) turn off if they have failed, and cut what is still on.`,
  );
  await ask('run.start', { hash: workspace.plan().hash });
  expect(questionsAsked.at(-1)?.detail).toContain(
    `Then ${name}, ${name} (outlet group 2) turn off once nothing that they feed is on.`,
  );
});

test('the question before a host is changed names what it proves itself with, and the hosts between', async () => {
  const { ask, questionsAsked, workspace } = await armedRoom();
  const detail = () => questionsAsked.at(-1)?.detail;
  expect(await ask('hosts.save', { host: { ...sampleNas, jump: 'esx-1' } })).toMatchObject({ ok: true });
  expect(detail()).toContain(`:${sampleNas.port} through ${workspace.host('esx-1').name}.`);
  await ask('hosts.readKey', { id: 'nas-1' });
  expect(await ask('hosts.pinKey', { id: 'nas-1', key: hostKey })).toMatchObject({ ok: true });
  expect(detail()).toContain(`the ${hostKey.type} key ${hostKey.fingerprint}.`);
  // At the same address and port: still, its SSH key is no certificate.
  const api = { ...sampleNas, kind: 'esxi-api', login: 'password', managedBy: 'esx-1' };
  expect(await ask('hosts.save', { host: api })).toMatchObject({ ok: true });
  expect(workspace.host('nas-1').hostKeys).toEqual([]);
  expect(detail()).toContain(', as ESXi over its API, managed by');
  expect(detail()).toContain('Its certificate must be confirmed again');
});
