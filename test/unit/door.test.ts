import { describe, expect, test } from 'vitest';
import { type Caller, createDoor, type DoorDeps } from '../../electron/app/door.ts';
import type { Handlers } from '../../electron/app/handlers.ts';
import { FaultError } from '../../shared/fault.ts';
import { requestSchemas } from '../../shared/ipc.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { sampleSequence } from '../fakes/sample-rack.ts';

const window: Caller = { isOurMainFrame: true, url: 'app://glidepath/index.html' };
const hash = 'a'.repeat(64);

/** A door whose handlers only note that they were reached. */
function doorWith(deps: Partial<DoorDeps> = {}) {
  const reached: [string, unknown][] = [];
  const names = Object.keys(requestSchemas);
  const handlers = Object.fromEntries(
    names.map((name) => [name, (input: unknown) => void reached.push([name, input])]),
  );
  const log = keptLog();
  const door = createDoor({ handlers: handlers as unknown as Handlers, confirm: async () => true, log, ...deps });
  return { door, reached, log };
}

describe('who is turned away', () => {
  const strangers: [string, Caller][] = [
    ['another frame', { isOurMainFrame: false, url: window.url }],
    ['another origin', { isOurMainFrame: true, url: 'https://glidepath/' }],
    ['an origin that begins like ours', { isOurMainFrame: true, url: 'app://glidepath.evil/index.html' }],
    ['a page without an address', { isOurMainFrame: true, url: '' }],
    ['about:blank', { isOurMainFrame: true, url: 'about:blank' }],
  ];

  test.each(strangers)('%s', async (_who, caller) => {
    const { door, reached } = doorWith();
    expect(await door(caller, 'snapshot', {})).toMatchObject({ ok: false, fault: { code: 'refused' } });
    expect(reached).toEqual([]);
  });
});

describe('what is turned away', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const requests: [string, unknown, unknown][] = [
    ['an unknown name', 'plan.explode', {}],
    ['a name that every object has', 'toString', {}],
    ['a name that is no text', { name: 'snapshot' }, {}],
    ['no input', 'snapshot', undefined],
    ['an extra key', 'snapshot', { extra: 1 }],
    ['a wrong value', 'plan.arm', { hash: 'short' }],
    ['a circle', 'snapshot', circle],
    ['a big number', 'snapshot', { size: 1n }],
    ['more than 256 KiB', 'hosts.setSecret', { id: 'nas', secret: 'x'.repeat(256 * 1024), passphrase: '' }],
  ];

  test.each(requests)('%s', async (_what, name, input) => {
    const { door, reached } = doorWith();
    expect(await door(window, name, input)).toMatchObject({ ok: false, fault: { code: 'invalid-input' } });
    expect(reached).toEqual([]);
  });

  test('the place in the input is told', async () => {
    const { door } = doorWith();
    const answer = await door(window, 'hosts.pinKey', { id: 'nas', key: { type: 'ssh-rsa', fingerprint: 'no' } });
    expect(answer).toMatchObject({ ok: false, fault: { what: expect.stringContaining('key.fingerprint') } });
  });
});

test('a good request gets its handler and the parsed input', async () => {
  const { door, reached } = doorWith();
  const { returnStages: _all, ...rest } = sampleSequence();
  const step = { id: 'off', kind: 'power-off', target: 'nas-1' };
  const sequence = { ...rest, stages: [{ id: 'storage', name: 'Storage', steps: [step] }], returnStages: [] };
  expect(await door(window, 'plan.check', { sequence })).toEqual({ ok: true, value: undefined });
  expect(reached[0]?.[1]).toMatchObject({
    sequence: { stages: [{ steps: [{ ...step, until: 'silent', retries: 1 }] }] },
  });
});

describe('a confirmed request', () => {
  test('reaches its handler only after the user said yes', async () => {
    const asked: unknown[] = [];
    const answers = [false, true];
    const { door, reached } = doorWith({
      confirm: async (name, input) => {
        asked.push([name, input]);
        return answers.shift() ?? false;
      },
    });
    expect(await door(window, 'run.start', { hash })).toMatchObject({ ok: false, fault: { code: 'refused' } });
    expect(reached).toEqual([]);
    expect(await door(window, 'run.start', { hash })).toMatchObject({ ok: true });
    expect(asked).toEqual(Array(2).fill(['run.start', { hash }]));
  });

  test('is not asked about while another question is open', async () => {
    let answer: (yes: boolean) => void = () => undefined;
    const { door, reached } = doorWith({ confirm: () => new Promise((resolve) => (answer = resolve)) });
    const first = door(window, 'plan.arm', { hash });
    expect(await door(window, 'run.start', { hash })).toMatchObject({ ok: false, fault: { code: 'refused' } });
    answer(true);
    expect(await first).toMatchObject({ ok: true });
    expect(reached.map(([name]) => name)).toEqual(['plan.arm']);
  });

  test('no other request asks anything', async () => {
    const { door, reached } = doorWith({ confirm: () => Promise.reject(new Error('must not be asked')) });
    expect(await door(window, 'run.cancel', {})).toMatchObject({ ok: true });
    expect(reached).toHaveLength(1);
  });
});

describe('what a handler throws', () => {
  const throwing = (error: Error) =>
    doorWith({ handlers: { 'hosts.setSecret': () => Promise.reject(error) } as unknown as Handlers });
  const input = { id: 'nas', secret: 'correct horse', passphrase: 'staple' };

  test('is answered as its fault', async () => {
    const fault = { code: 'refused', what: 'no', where: 'nas', remedy: 'do not' } as const;
    expect(await throwing(new FaultError(fault)).door(window, 'hosts.setSecret', input)).toEqual({ ok: false, fault });
  });

  test('is an internal fault when unexpected, logged with its stack, and never with the secret', async () => {
    const { door, log } = throwing(new TypeError('x is undefined'));
    const answer = await door(window, 'hosts.setSecret', input);
    expect(answer).toMatchObject({ ok: false, fault: { code: 'internal', what: 'x is undefined' } });
    expect(log.lines.join()).toContain('door.test.ts');
    expect(JSON.stringify([answer, log.lines])).not.toMatch(/horse|staple/);
  });
});
