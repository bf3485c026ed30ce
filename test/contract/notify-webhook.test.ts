import { expect, test } from 'vitest';
import { z } from 'zod';
import { HttpReceiver } from '../fakes/http-receiver.ts';
import { freePort } from '../fakes/server-process.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import { keptUrl, oneTry, sampleMessage, secretPath, secretToken, webhook } from './notify-kit.ts';

/** What each receiver documents, as strictly as it says it. */
const shapes = {
  json: z.strictObject({
    format: z.literal('glidepath-notice'),
    version: z.literal(1),
    id: z.uuid(),
    at: z.iso.datetime(),
    category: z.literal('power'),
    urgency: z.literal('critical'),
    rack: z.literal('cellar'),
    title: z.literal(sampleMessage.title),
    body: z.literal(sampleMessage.body),
  }),
  // https://docs.ntfy.sh/publish/#publish-as-json: topic required; priority 1 to 5; a list of tags.
  ntfy: z.strictObject({
    topic: z.literal('my_topic-1'),
    title: z.literal(`cellar: ${sampleMessage.title}`),
    message: z.literal(sampleMessage.body),
    priority: z.literal(5),
    tags: z.tuple([z.literal('warning')]),
    sequence_id: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  }),
  // https://docs.slack.dev/reference/block-kit/blocks/header-block: 150 characters; section-block: 3,000.
  slack: z.strictObject({
    text: z.literal('cellar: Power lost: &lt;!channel&gt; *Eaton* &amp; “Söhne”'),
    blocks: z.tuple([
      z.strictObject({
        type: z.literal('header'),
        text: z.strictObject({ type: z.literal('plain_text'), text: z.string().max(150), emoji: z.literal(false) }),
      }),
      z.strictObject({
        type: z.literal('section'),
        text: z.strictObject({
          type: z.literal('plain_text'),
          text: z.literal(sampleMessage.body),
          emoji: z.literal(false),
        }),
      }),
    ]),
  }),
  // https://docs.discord.com/developers/resources/webhook#execute-webhook: 2,000 characters; allowed mentions; flag 4.
  discord: z.strictObject({
    content: z
      .string()
      .max(2000)
      .regex(/^\*\*cellar: Power lost: \\<!channel> \\\*Eaton\\\* & “Söhne”\*\*\n.*\\\[click\\\].*\n\\- not a list\n/),
    allowed_mentions: z.strictObject({ parse: z.tuple([]) }),
    flags: z.literal(4),
  }),
  // https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
  // https://adaptivecards.io/explorer/RichTextBlock.html: since version 1.2.
  teams: z.strictObject({
    type: z.literal('message'),
    attachments: z.tuple([
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.enum(['1.2', '1.3', '1.4', '1.5']),
          fallbackText: z.string(),
          body: z
            .array(
              z.strictObject({
                type: z.literal('RichTextBlock'),
                inlines: z.tuple([
                  z.strictObject({
                    type: z.literal('TextRun'),
                    text: z.string().regex(/^[^\n]+$/),
                    weight: z.literal('bolder').optional(),
                    size: z.literal('large').optional(),
                    color: z.literal('attention').optional(),
                  }),
                ]),
              }),
            )
            .length(4),
        }),
      }),
    ]),
  }),
};

test.each([
  ['json', '/in?x=1', '/in?x=1'],
  ['ntfy', '/my_topic-1', '/'],
  ['ntfy', '/behind/a/proxy/my_topic-1/', '/behind/a/proxy/'],
  ['slack', `/${secretPath}`, `/${secretPath}`],
  ['discord', '/api/webhooks/1/x', '/api/webhooks/1/x'],
  ['teams', '/workflows/1?sig=x', '/workflows/1?sig=x'],
] as const)('%s gets what it documents at %s', async (shape, path, postedTo) => {
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin}${path}`;
  const { outcome, message } = oneTry(webhook(shape, url), keptUrl(url, secretToken));
  expect(await outcome).toEqual({ type: 'delivered' });
  expect(receiver.received).toHaveLength(1);
  const [{ method, path: at, headers, json } = expect.unreachable()] = receiver.received;
  expect([method, at]).toEqual(['POST', postedTo]);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers.authorization).toBe(`Bearer ${secretToken}`);
  // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/: a string in quotes.
  expect(headers['idempotency-key']).toBe(`"${message.id}"`);
  expect(() => shapes[shape].parse(json)).not.toThrow();
  if (shape === 'json') expect(json).toMatchObject({ id: message.id, at: '2026-11-22T02:12:45.000Z' });
  if (shape === 'ntfy') expect(json).toMatchObject({ sequence_id: message.id });
});

test('without a token nothing authorises it, and a user in the URL does', async () => {
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin.replace('//', '//ada:pw@')}/in`;
  expect(await oneTry(webhook('json', url), keptUrl(url)).outcome).toEqual({ type: 'delivered' });
  // https://www.rfc-editor.org/rfc/rfc7617
  expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:pw').toString('base64')}`);
});

test.each([
  [400, 'give-up', 'not-delivered', null],
  [403, 'give-up', 'not-delivered', null],
  [404, 'give-up', 'not-delivered', null],
  [410, 'give-up', 'not-delivered', null],
  [401, 'hold', 'login-refused', null],
  [408, 'retry', 'unexpected-answer', null],
  [500, 'retry', 'unexpected-answer', null],
  [503, 'retry', 'unexpected-answer', null],
  [{ status: 429, headers: { 'retry-after': '64' } }, 'retry', 'unexpected-answer', 64_000],
  [{ status: 429, headers: { 'retry-after': '0.3' } }, 'retry', 'unexpected-answer', 300],
  [{ status: 503, headers: { 'retry-after': '99999999' } }, 'retry', 'unexpected-answer', 3_600_000],
  [{ status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 03:00:00 GMT' } }, 'retry', 'unexpected-answer', null],
  [{ status: 429, headers: { 'retry-after': '-5' } }, 'retry', 'unexpected-answer', null],
] as const)('the answer %j means %s', async (answer, type, code, after) => {
  const receiver = await HttpReceiver.start();
  receiver.answer = () => answer;
  const url = `${receiver.origin}/${secretPath}`;
  const outcome = await oneTry(webhook('slack', url), keptUrl(url, secretToken)).outcome;
  expect(outcome).toMatchObject({ type, fault: { code, where: 'Hook' }, ...(type === 'retry' ? { after } : {}) });
  expect(JSON.stringify(outcome)).not.toMatch(/verysecret/);
});

test.each([301, 302, 307, 308])('a redirect by %i is not followed: nobody else gets the message', async (status) => {
  const other = await HttpReceiver.start();
  const receiver = await HttpReceiver.start();
  receiver.answer = () => ({ status, headers: { location: `${other.origin}/elsewhere` } });
  const url = `${receiver.origin}/in`;
  const outcome = await oneTry(webhook('json', url), keptUrl(url, secretToken)).outcome;
  expect(outcome).toMatchObject({ type: 'give-up', fault: { code: 'not-delivered' } });
  expect(other.received).toEqual([]);
});

test('a receiver that hangs has 10 s', async () => {
  const receiver = await HttpReceiver.start();
  receiver.answer = () => 'hang';
  const url = `${receiver.origin}/in`;
  const { clock, outcome } = oneTry(webhook('json', url), keptUrl(url));
  await receiver.arrived(1);
  let ended = false;
  void outcome.then(() => {
    ended = true;
  });
  await clock.advance(9_999);
  expect(ended).toBe(false);
  await clock.advance(1);
  expect(await outcome).toMatchObject({
    type: 'retry',
    fault: { code: 'unreachable', what: expect.stringContaining('within 10 s') },
  });
  expect(clock.pending).toBe(0);
});

test('one that cuts, one that is not there and one whose name there is not are tried again', async () => {
  const receiver = await HttpReceiver.start();
  receiver.answer = () => 'drop';
  const dead = `http://127.0.0.1:${await freePort()}/${secretPath}`;
  for (const url of [`${receiver.origin}/${secretPath}`, dead, `http://no-such-host.invalid/${secretPath}`]) {
    const outcome = await oneTry(webhook('json', url), keptUrl(url)).outcome;
    expect(outcome).toMatchObject({ type: 'retry', fault: { code: 'unreachable' } });
    expect(JSON.stringify(outcome)).not.toMatch(/verysecret/);
  }
});

test('an answer without an end is an answer', async () => {
  const receiver = await HttpReceiver.start();
  receiver.answer = () => 'drip';
  const url = `${receiver.origin}/in`;
  const { outcome, clock } = oneTry(webhook('json', url), keptUrl(url));
  expect(await outcome).toEqual({ type: 'delivered' });
  expect(clock.pending).toBe(0);
});

test('over TLS it goes only to whom the certificate names, and who is trusted', async () => {
  const right = selfSigned('localhost');
  const wrongName = selfSigned('other.example');
  const receiver = await HttpReceiver.start(right);
  const impostor = await HttpReceiver.start(wrongName);
  const url = `${receiver.origin}/${secretPath}`;
  const taken = await oneTry(webhook('json', url), keptUrl(url), { roots: right.cert }).outcome;
  expect(taken).toEqual({ type: 'delivered' });
  const other = `${impostor.origin}/${secretPath}`;
  const refused = [
    await oneTry(webhook('json', url), keptUrl(url, secretToken)).outcome,
    await oneTry(webhook('json', other), keptUrl(other), { roots: wrongName.cert }).outcome,
    // Speaks no TLS at all.
    await (async () => {
      const plain = (await HttpReceiver.start()).origin.replace('http:', 'https:');
      return oneTry(webhook('json', plain), keptUrl(`${plain}/${secretPath}`)).outcome;
    })(),
  ];
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ type: 'retry', fault: { code: 'tls-failed' } });
    expect(JSON.stringify(outcome)).not.toMatch(/verysecret/);
  }
  expect(receiver.received).toHaveLength(1);
  expect(impostor.received).toEqual([]);
});

test('a channel whose URL is not kept, or a keychain that is locked, is tried again and sends nothing', async () => {
  const receiver = await HttpReceiver.start();
  const channel = webhook('json', `${receiver.origin}/in`);
  expect(await oneTry(channel, null).outcome).toMatchObject({ type: 'retry', fault: { code: 'no-credential' } });
  const locked = { secret: () => Promise.reject(new Error('locked')) };
  expect(await oneTry(channel, null, locked).outcome).toMatchObject({ type: 'retry' });
  expect(receiver.received).toEqual([]);
});
