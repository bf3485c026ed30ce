import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { announcer } from '../../electron/brain/announcer.ts';
import type { StepContext } from '../../electron/core/ports.ts';
import type { TargetDeps } from '../../electron/targets/kinds/deps.ts';
import { notify } from '../../electron/targets/kinds/notify.ts';
import { SimulatedUps } from '../../electron/ups/simulated.ts';
import { type Channel, channelSchema } from '../../shared/channels.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { HttpReceiver } from '../fakes/http-receiver.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { freePort } from '../fakes/server-process.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { brainIn } from '../unit/app-shell-room.ts';
import { room } from '../unit/confirmation-room.ts';
import { secretPath, secretToken, webhook } from './notify-kit.ts';

type Hook = Extract<Channel, { kind: 'webhook' }>;
const hook = (url: string, more: Record<string, unknown> = {}) => webhook('json', url, more) as Hook;

interface Told {
  id: string;
  title: string;
  body: string;
}
const told = (receiver: HttpReceiver): Told[] => receiver.received.map(({ json }) => json as Told);

test('an outage is told by the desktop and by the channels, which say what comes next; no secret is in any file', async () => {
  const folder = await temporaryFolder();
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin}/${secretPath}`;
  const clock = new ManualClock();
  const ups = new SimulatedUps(clock);
  const { brain, notices, log, pushed, stop } = await brainIn(folder, clock, [ups]);
  const tell = announcer(brain, { close: () => undefined });
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1000);
      tell();
    }
  };
  const { handlers } = brain;
  await handlers['channels.save']({ channel: hook(url) });
  await handlers['channels.setSecret']({ id: 'hook', secret: url, token: secretToken });
  await pass(10);
  ups.cut();
  await pass(10);
  await receiver.arrived(1);
  expect(notices.map(({ title }) => title)).toContain('Power lost');
  const [first = expect.unreachable()] = told(receiver);
  expect(first.title).toBe('Power lost');
  expect(first.body).toMatch(/On battery, .*\n\w{3}, \d{2} \w{3} \d{4}, \d{2}:\d{2}:\d{2} GMT.*, on /s);
  expect(receiver.received[0]?.headers.authorization).toBe(`Bearer ${secretToken}`);
  await expect
    .poll(async () => (await handlers.snapshot({})).slices.channels)
    .toEqual({
      channels: [
        {
          channel: hook(url),
          where: `127.0.0.1:${receiver.port}, not encrypted`,
          hasSecret: true,
          state: { state: 'ok', waiting: 0, fault: null },
        },
      ],
      refused: null,
    });
  expect(JSON.stringify(pushed)).not.toMatch(/verysecret/);
  await stop();
  expect(log.lines.join('\n')).not.toMatch(/verysecret/);
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.json') && each !== 'secrets.json'))
    expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/verysecret/);
});

test('a channel that is written into the file is taken, and a file that is broken leaves what there was', async () => {
  const folder = await temporaryFolder();
  const { brain, pushed } = await brainIn(folder, new ManualClock(), []);
  await brain.handlers['channels.save']({ channel: hook('https://a.example/x') });
  const path = join(folder, 'channels.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"Hook"', '"Renamed"'));
  await expect.poll(() => brain.channels.channels[0]?.name, { timeout: 5000 }).toBe('Renamed');
  await writeFile(path, '{');
  await expect.poll(() => pushed.channels?.refused?.fault.code, { timeout: 5000 }).toBe('file-broken');
  expect(pushed.channels?.channels).toMatchObject([{ channel: { name: 'Renamed' } }]);
});

test('notices that wait outlive a start at which the file of channels is broken', async () => {
  const folder = await temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/in`;
  const first = await brainIn(folder, new ManualClock(), []);
  await first.brain.handlers['channels.save']({ channel: hook(url) });
  await first.brain.handlers['channels.setSecret']({ id: 'hook', secret: url, token: '' });
  first.brain.notifier.notify({ category: 'failure', urgency: 'critical', title: 'Kept', body: '' });
  await expect.poll(() => first.brain.channels.view().channels[0]?.state.fault?.code).toBe('unreachable');
  await first.stop();
  const path = join(folder, 'channels.json');
  const good = await readFile(path, 'utf8');
  await writeFile(path, '{');
  const second = await brainIn(folder, new ManualClock(), []);
  expect(second.brain.channels.view()).toMatchObject({ channels: [], refused: { fault: { code: 'file-broken' } } });
  await second.stop();
  await writeFile(path, good);
  const receiver = await HttpReceiver.start(null, port);
  await brainIn(folder, new ManualClock(), []);
  await receiver.arrived(1);
  expect(told(receiver)).toMatchObject([{ title: 'Kept' }]);
});

test('a desktop that fails keeps no channel from being told', async () => {
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin}/in`;
  const { brain, notices } = await brainIn(await temporaryFolder(), new ManualClock(), []);
  await brain.handlers['channels.save']({ channel: hook(url) });
  await brain.handlers['channels.setSecret']({ id: 'hook', secret: url, token: '' });
  notices.push = () => {
    throw new Error('no desktop');
  };
  const say = () => brain.notifier.notify({ category: 'power', urgency: 'critical', title: 'Power lost', body: '' });
  expect(say).toThrow('no desktop');
  await receiver.arrived(1);
});

test('a run never waits for a channel: a notify step is done while its receiver is dead', async () => {
  const clock = new ManualClock();
  const url = `http://127.0.0.1:${await freePort()}/in`;
  const { brain } = await brainIn(await temporaryFolder(), clock, []);
  await brain.handlers['channels.save']({ channel: hook(url, { categories: [] }) });
  await brain.handlers['channels.setSecret']({ id: 'hook', secret: url, token: '' });
  const deps = { clock, notifier: brain.notifier } as unknown as TargetDeps;
  const kind = notify(deps);
  const step = stepSchema.parse({ id: 'say', kind: 'notify', message: 'Going down', channels: ['hook'] });
  const context = { step, earlier: [], signal: new AbortController().signal } as unknown as StepContext;
  await kind.act(context);
  expect((await kind.probe(context)).state).toBe('done');
  // The clock has not moved, and no answer has come.
  expect(brain.channels.view().channels[0]?.state).toEqual({ state: 'waiting', waiting: 1, fault: null });
});

test('a test says why it does not get through, and is answered when it does', async () => {
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin}/${secretPath}`;
  const { brain } = await brainIn(await temporaryFolder(), new ManualClock(), []);
  const { handlers } = brain;
  await handlers['channels.save']({ channel: hook(url) });
  const tried = () => handlers['channels.test']({ id: 'hook' });
  await expect(tried()).rejects.toMatchObject({ fault: { code: 'no-credential', where: 'Hook' } });
  await handlers['channels.setSecret']({ id: 'hook', secret: url, token: '' });
  receiver.answer = (n) => (n === 1 ? 404 : 204);
  await expect(tried()).rejects.toMatchObject({ fault: { code: 'not-delivered' } });
  expect(await tried()).toBeNull();
  expect(told(receiver).map(({ title }) => title)).toEqual(['Test of this channel', 'Test of this channel']);
  await expect(handlers['channels.test']({ id: 'gone' })).rejects.toMatchObject({
    fault: { code: 'reference-missing' },
  });
});

test('what is entered for one place is forgotten when the channel goes elsewhere', async () => {
  const { ask, secrets } = await room();
  const ids = async () => [...(await secrets.channelIds())];
  const mail = {
    id: 'mail',
    name: 'Mail',
    categories: [],
    kind: 'mail',
    server: 'smtp.example.org',
    port: 587,
    security: 'starttls',
    user: 'me',
    from: 'a@b.org',
    to: ['c@d.org'],
  };
  const enter = () => ask('channels.setSecret', { id: 'mail', secret: 'pw', token: '' });
  for (const patch of [{ server: 'other.example.org' }, { port: 25 }, { user: 'you' }, { security: 'none' }]) {
    await ask('channels.save', { channel: mail });
    expect(await enter()).toMatchObject({ ok: true });
    await ask('channels.save', { channel: { ...mail, name: 'Renamed', to: ['e@f.org'] } });
    expect(await ids()).toEqual(['mail']);
    await ask('channels.save', { channel: { ...mail, ...patch } });
    expect(await ids()).toEqual([]);
  }
  await enter();
  await ask('channels.remove', { id: 'mail' });
  expect(await ids()).toEqual([]);
});

test('a URL is taken only for the place that the channel names, and by ntfy only with its topic', async () => {
  const { ask, secrets } = await room();
  const refused = { ok: false, fault: { code: 'refused' } };
  await ask('channels.save', { channel: hook('https://hooks.example.com/x') });
  const enter = (secret: string, token = '') => ask('channels.setSecret', { id: 'hook', secret, token });
  expect(await enter('https://evil.example/x')).toMatchObject(refused);
  expect(await enter('http://hooks.example.com/x')).toMatchObject(refused);
  expect(await enter('not a url')).toMatchObject(refused);
  expect(await enter('https://hooks.example.com/x', 'two words')).toMatchObject({ fault: { code: 'invalid-input' } });
  expect(await enter('https://hooks.example.com/x', 'one\r\nX-Evil:')).toMatchObject({ ok: false });
  expect((await secrets.channelIds()).size).toBe(0);
  expect(await enter('https://hooks.example.com/x')).toMatchObject({ ok: true });
  await ask('channels.save', { channel: { ...hook('https://hooks.example.com/x'), shape: 'ntfy' } });
  expect((await secrets.channelIds()).size).toBe(0);
  expect(await enter('https://hooks.example.com/')).toMatchObject(refused);
  expect(await enter('https://hooks.example.com/my-topic')).toMatchObject({ ok: true });
});

test('the file cannot send a secret elsewhere', async () => {
  const { ask, secrets } = await room();
  const channel = hook('https://hooks.example.com/x');
  await ask('channels.save', { channel });
  await ask('channels.setSecret', { id: 'hook', secret: 'https://hooks.example.com/x', token: 't' });
  expect(await secrets.channelSecret(channel)).toEqual({
    kind: 'webhook',
    url: 'https://hooks.example.com/x',
    token: 't',
  });
  const meant = { fault: { code: 'no-credential', what: expect.stringContaining('another address') } };
  await expect(secrets.channelSecret({ ...channel, origin: 'http://hooks.example.com' })).rejects.toMatchObject(meant);
  const asMail = {
    ...channel,
    kind: 'mail',
    server: 'x.org',
    port: 25,
    security: 'none',
    user: '',
    from: 'a@b.c',
    to: ['a@b.c'],
  };
  await expect(secrets.channelSecret(asMail as unknown as Channel)).rejects.toMatchObject(meant);
});

test.each<[string, Record<string, unknown>]>([
  ['at another server', { server: 'evil.example' }],
  ['at another port', { port: 25 }],
  ['under another user', { user: 'you' }],
  ['in the clear', { security: 'none' }],
])('a mail password goes to none %s, whatever the file says', async (_where, patch) => {
  const { secrets } = await room();
  const mail = { id: 'mail', name: 'Mail', categories: [], kind: 'mail', server: 'smtp.example.org', user: 'me' };
  const channel = (more = {}) => channelSchema.parse({ ...mail, from: 'a@b.org', to: ['c@d.org'], ...more });
  await secrets.setChannelSecret(channel(), { kind: 'mail', password: 'pw' });
  expect(await secrets.channelSecret(channel({ to: ['e@f.org'], security: 'tls' }))).toMatchObject({ password: 'pw' });
  await expect(secrets.channelSecret(channel(patch))).rejects.toMatchObject({
    fault: { code: 'no-credential', where: 'Mail', remedy: expect.stringContaining('Notifications') },
  });
});

test('a program is run only after a yes outside the window, which shows it whole', async () => {
  const { ask, says, asked, questionsAsked } = await room();
  const channel = {
    id: 'prog',
    name: 'Nice',
    categories: [],
    kind: 'command',
    program: '/bin/sh',
    arguments: ['-c', 'rm x'],
  };
  asked.splice(0);
  questionsAsked.splice(0);
  says.yes = false;
  expect(await ask('channels.save', { channel })).toMatchObject({ ok: false, fault: { code: 'not-confirmed' } });
  expect(asked).toEqual(['Run a program for notices?']);
  expect(questionsAsked[0]?.detail).toContain('/bin/sh “-c” “rm x”');
  says.yes = true;
  expect(await ask('channels.save', { channel })).toMatchObject({ ok: true });
  for (const program of ['tell', '-c', './tell', '/bin/a\nb'])
    expect(await ask('channels.save', { channel: { ...channel, program } })).toMatchObject({
      fault: { code: 'invalid-input' },
    });
  expect(await ask('channels.save', { channel: hook('https://a.example/x') })).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});
