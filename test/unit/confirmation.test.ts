import { expect, test } from 'vitest';
import { type Sequence, stageSchema, stepSchema } from '../../shared/sequence.ts';
import { sampleEsx, sampleNas, sampleSequence } from '../fakes/sample-rack.ts';
import { sampleRun } from '../fakes/status.ts';
import { armedRoom, hostKey as key, otherHost as other, refusedFor, room } from './confirmation-room.ts';

test('while armed, no request of the window changes what will be done without a yes', async () => {
  const { workspace, says, asked, started, ask, hash } = await armedRoom();
  await ask('hosts.readKey', { id: 'nas-1' });
  const before = JSON.stringify([workspace.plan(), workspace.hosts()]);
  says.yes = false;
  const emptied = sampleSequence({ stages: [stageSchema.parse({ id: 'storage', name: 'Storage', steps: [] })] });
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
  await ask('hosts.save', { host: { ...sampleNas, port: 2222, jump: 'esx-1' } });
  expect(await pin()).toMatchObject(no);
  await ask('hosts.readKey', { id: 'nas-1' });
  expect(await pin()).toMatchObject({ ok: true });
  expect(workspace.host('nas-1').hostKeys).toEqual([key]);
});

const tagged = (scope: Sequence['scope']) => {
  const steps = [stepSchema.parse({ id: 'off', kind: 'power-off', target: 'tag:rack' })];
  const stages = [{ id: 'storage', name: 'Storage', steps }].map((stage) => stageSchema.parse(stage));
  return sampleSequence({ stages, returnStages: [], scope });
};
const rack = { ...sampleNas, tags: ['rack'] };

test('a tag that takes a host into the armed plan, or out of it, is asked about in those words', async () => {
  const { says, questionsAsked, workspace, ask } = await armedRoom();
  await ask('hosts.save', { host: rack });
  expect(await ask('plan.save', { sequence: tagged('all'), baseHash: workspace.plan().hash })).toMatchObject({
    ok: true,
  });
  questionsAsked.splice(0);
  says.yes = false;
  expect(await ask('hosts.save', { host: { ...sampleEsx, tags: ['rack'] } })).toMatchObject(refusedFor);
  expect(await ask('hosts.save', { host: { ...rack, tags: [] } })).toMatchObject(refusedFor);
  const [into, out] = questionsAsked;
  expect(into?.message).toBe('Bring a host under the armed plan?');
  expect(into?.detail).toMatch(/^ESX 1 comes under “Rack plan”, .* What the plan does on it: Power off\.$/);
  expect(out?.message).toBe('Change a host of the armed plan?');
  expect(out?.detail).toMatch(/The plan does nothing on it any more: it is neither shut down nor brought back\./);
});

test('what a host depends on is asked about, also that of one on which hosts of the plan depend', async () => {
  const { says, questionsAsked, workspace, ask } = await armedRoom();
  const carrier = { ...sampleNas, ...other };
  await ask('hosts.save', { host: { ...rack, uses: [other.id] } });
  await ask('plan.save', { sequence: tagged('critical'), baseHash: workspace.plan().hash });
  questionsAsked.splice(0);
  says.yes = false;
  const { hash } = workspace.plan();
  expect(workspace.plan().armed).toBe(true);
  for (const host of [
    { ...rack, uses: [] },
    { ...rack, uses: [other.id], isThisComputer: true },
  ])
    expect(await ask('hosts.save', { host })).toMatchObject(refusedFor);
  expect(await ask('hosts.save', { host: { ...carrier, uses: ['esx-1'] } })).toMatchObject(refusedFor);
  expect(questionsAsked.map(({ detail }) => detail.replace(/ “Rack plan” stays armed\.$/, '').slice(-60))).toEqual([
    expect.stringMatching(/ It depends on no other host\.$/),
    expect.stringMatching(/ It is the computer on which Glidepath runs\.$/),
    expect.stringMatching(/ It goes down with ESX 1\.$/),
  ]);
  // Nor is it taken away, or changed by another program, without a word.
  expect(await ask('hosts.remove', { id: other.id })).toMatchObject({ ok: false, fault: { code: 'refused' } });
  expect(workspace.plan()).toMatchObject({ hash, armed: true });
});
