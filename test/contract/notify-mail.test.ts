import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ChannelSecret } from '../../electron/core/ports.ts';
import { type Channel, channelSchema } from '../../shared/channels.ts';
import { freePort } from '../fakes/server-process.ts';
import { SmtpReceiver, type SmtpReceiverOptions } from '../fakes/smtp-receiver.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import { oneTry, secretPassword } from './notify-kit.ts';

const tls = selfSigned('localhost');
const login = { user: 'glidepath', password: secretPassword };
const password: ChannelSecret = { kind: 'mail', password: secretPassword };

const mail = (port: number, more: Record<string, unknown> = {}): Channel =>
  channelSchema.parse({
    id: 'mail',
    name: 'Mail',
    categories: ['power'],
    kind: 'mail',
    server: 'localhost',
    port,
    user: 'glidepath',
    from: 'rack@example.org',
    to: ['ada@example.org', 'bob@example.org'],
    ...more,
  });

const receiverWith = (more: Partial<SmtpReceiverOptions> = {}) => SmtpReceiver.start({ tls, login, ...more });
const trusting = { roots: tls.cert };

test.each([
  ['starttls', { security: 'starttls' }, {}],
  ['tls from the first byte', { security: 'tls' }, { implicit: true }],
])('a mail goes out by %s, signed in, and says what it has to', async (_how, channel, options) => {
  const receiver = await receiverWith(options);
  const { outcome, message } = oneTry(mail(receiver.port, channel), password, trusting);
  expect(await outcome).toEqual({ type: 'delivered' });
  expect(receiver.mails).toHaveLength(1);
  const [{ from, to, text, isSecure, user } = expect.unreachable()] = receiver.mails;
  expect({ from, to, isSecure, user }).toEqual({
    from: 'rack@example.org',
    to: ['ada@example.org', 'bob@example.org'],
    isSecure: true,
    user: 'glidepath',
  });
  expect(receiver.logins).toEqual([{ user: 'glidepath', isSecure: true }]);
  const [head = '', ...body] = text.split('\r\n\r\n');
  // https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4 and https://www.rfc-editor.org/rfc/rfc3834#section-5
  expect(head).toContain(`Message-ID: <${message.id}@example.org>`);
  expect(head).toContain('Auto-Submitted: auto-generated');
  expect(head).toMatch(/^From: "?Glidepath"? <rack@example\.org>$/m);
  expect(head).toMatch(/^X-Priority: 1/m);
  // Its title has characters that need encoding: https://www.rfc-editor.org/rfc/rfc2047
  expect(head).toMatch(/^Subject: .*=\?UTF-8\?/m);
  const plain = body.join('\n').replaceAll('=\r\n', '');
  expect(plain).toContain('On battery, 98 %, 41 min.');
  expect(plain).toContain('on cellar');
});

test('a title cannot become another header', async () => {
  const receiver = await receiverWith({ login: null });
  const channel = mail(receiver.port, { user: '' });
  const title = 'x\r\nBcc: eve@example.org\r\n\r\nbody';
  expect(await oneTry(channel, null, trusting, { title }).outcome).toEqual({ type: 'delivered' });
  expect(receiver.mails[0]?.to).toEqual(['ada@example.org', 'bob@example.org']);
  const head = receiver.mails[0]?.text.split('\r\n\r\n')[0] ?? '';
  expect(head.match(/^(Bcc|To):/gim)).toEqual(['To:']);
});

test('what is not encrypted goes only where the user said so', async () => {
  const receiver = await receiverWith({ tls: null });
  const refused = await oneTry(mail(receiver.port), password).outcome;
  expect(refused).toMatchObject({ type: 'retry', fault: { code: 'tls-failed' } });
  // No password was sent in the clear.
  expect(receiver.logins).toEqual([]);
  const allowed = await oneTry(mail(receiver.port, { security: 'none' }), password).outcome;
  expect(allowed).toEqual({ type: 'delivered' });
  expect(receiver.mails.map(({ isSecure }) => isSecure)).toEqual([false]);
});

test.each([['starttls'], ['tls']])('a certificate that is not trusted gets no password (%s)', async (security) => {
  const receiver = await receiverWith({ implicit: security === 'tls' });
  const outcome = await oneTry(mail(receiver.port, { security }), password).outcome;
  expect(outcome).toMatchObject({ type: 'retry', fault: { code: 'tls-failed', where: 'Mail' } });
  expect(JSON.stringify(outcome)).not.toMatch(/verysecret/);
  expect([receiver.logins, receiver.mails]).toEqual([[], []]);
});

test('a login that is refused is not tried again until somebody has looked at it', async () => {
  const receiver = await receiverWith({ login: { user: 'glidepath', password: 'another' } });
  const outcome = await oneTry(mail(receiver.port), password, trusting).outcome;
  expect(outcome).toMatchObject({
    type: 'hold',
    fault: { code: 'login-refused', what: expect.stringContaining('535') },
  });
  expect(JSON.stringify(outcome)).not.toMatch(/verysecret/);
  expect(receiver.mails).toEqual([]);
});

test('a server that asks for no login is given no mail by a channel that has one', async () => {
  const receiver = await receiverWith({ login: null });
  expect(await oneTry(mail(receiver.port), password, trusting).outcome).toMatchObject({ type: 'hold' });
  expect(receiver.mails).toEqual([]);
});

test('a channel with a user and no password sends nothing', async () => {
  const receiver = await receiverWith();
  const outcome = await oneTry(mail(receiver.port), null, trusting).outcome;
  expect(outcome).toMatchObject({ type: 'retry', fault: { code: 'no-credential' } });
  expect(receiver.connections).toBe(0);
});

test.each([
  ['550 to all', () => ({ status: 550, text: 'no such user' }), 'give-up', 'not-delivered', 0],
  [
    '550 to one of two',
    (address: string) => (address.startsWith('bob') ? { status: 550, text: 'no such user' } : null),
    'give-up',
    'not-delivered',
    1,
  ],
  ['450 to all (greylisting)', () => ({ status: 450, text: 'later' }), 'retry', 'unexpected-answer', 0],
] as const)('%s', async (_what, recipient, type, code, mails) => {
  const receiver = await receiverWith({ recipient });
  const outcome = await oneTry(mail(receiver.port), password, trusting).outcome;
  expect(outcome).toMatchObject({ type, fault: { code } });
  expect(receiver.mails).toHaveLength(mails);
});

test('a server that wants it later gets it later', async () => {
  const receiver = await receiverWith({ onMail: 'refuse-for-now' });
  const outcome = await oneTry(mail(receiver.port), password, trusting).outcome;
  expect(outcome).toMatchObject({ type: 'retry', fault: { what: expect.stringContaining('451') } });
});

test('a server that drops the line when it has all of it is tried again under the same id', async () => {
  const receiver = await receiverWith({ onMail: 'drop' });
  const { outcome, message } = oneTry(mail(receiver.port), password, trusting);
  expect(await outcome).toMatchObject({ type: 'retry', fault: { code: 'unreachable' } });
  expect(receiver.mails[0]?.text).toContain(message.id);
});

test('a server that never says a word has 10 s, and its connection is cut', async () => {
  const mute = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void mute.close());
  await once(mute, 'listening');
  const connection = once(mute, 'connection');
  const { clock, outcome } = oneTry(mail((mute.address() as AddressInfo).port), password, trusting);
  const [socket] = (await connection) as [Socket];
  const closed = once(socket.resume(), 'close');
  await clock.advance(10_000);
  expect(await outcome).toMatchObject({ type: 'retry', fault: { what: expect.stringContaining('within 10 s') } });
  await closed;
  expect(clock.pending).toBe(0);
});

test('nobody there, and a name that there is not', async () => {
  const nobody = await oneTry(mail(await freePort()), password, trusting).outcome;
  expect(nobody).toMatchObject({ type: 'retry', fault: { code: 'unreachable' } });
  const nowhere = await oneTry(mail(25, { server: 'no-such-host.invalid' }), password, trusting).outcome;
  expect(nowhere).toMatchObject({ type: 'retry', fault: { what: expect.stringContaining('could not be resolved') } });
});
