import { describe, expect, test } from 'vitest';
import { type Caller, createDoor, type DoorDeps } from '../../electron/app/door.ts';
import type { Handlers } from '../../electron/brain/handlers.ts';
import { type Question, Questions } from '../../electron/brain/questions.ts';
import { FaultError } from '../../shared/fault.ts';
import { requestSchemas } from '../../shared/ipc.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { sampleSequence } from '../fakes/sample-rack.ts';

const window: Caller = { isOurMainFrame: true, url: 'app://glidepath/index.html' };
const hash = 'a'.repeat(64);

/** Asks before arming and starting, whatever the plan. */
const always: DoorDeps['questionFor'] = (name) =>
  name === 'plan.arm' || name === 'run.start' ? { message: name, detail: '', button: '', basis: '' } : null;

/** A door whose handlers only note that they were reached. */
function doorWith(deps: Partial<DoorDeps> = {}, confirm: (question: Question) => Promise<boolean> = async () => true) {
  const reached: [string, unknown][] = [];
  const names = Object.keys(requestSchemas);
  const handlers = Object.fromEntries(
    names.map((name) => [name, (input: unknown) => void reached.push([name, input])]),
  );
  const log = keptLog();
  const questions = new Questions(confirm);
  const door = createDoor({ handlers: handlers as unknown as Handlers, questionFor: always, questions, log, ...deps });
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
    ['a time that is none', 'history.read', { upsId: 'ups-1', from: Number.NEGATIVE_INFINITY, to: 1 }],
    ['a time of no calendar', 'history.read', { upsId: 'ups-1', from: 0, to: 1e308 }],
    ['a UPS without an id', 'ups.command', { upsId: '', order: { command: 'beeper.mute', delay: null } }],
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
    const asked: string[] = [];
    const answers = [false, true];
    const { door, reached } = doorWith({}, async ({ message }) => {
      asked.push(message);
      return answers.shift() ?? false;
    });
    expect(await door(window, 'run.start', { hash })).toMatchObject({ ok: false, fault: { code: 'not-confirmed' } });
    expect(reached).toEqual([]);
    expect(await door(window, 'run.start', { hash })).toMatchObject({ ok: true });
    expect(asked).toEqual(['run.start', 'run.start']);
  });

  test('keeps out every other change while its question is open, and nothing that only looks', async () => {
    let answer: (yes: boolean) => void = () => undefined;
    const { door, reached } = doorWith({}, () => new Promise((resolve) => (answer = resolve)));
    const first = door(window, 'plan.arm', { hash });
    for (const [name, input] of [
      ['run.start', { hash }],
      ['run.cancel', {}],
      ['hosts.remove', { id: 'nas-1' }],
      ['hosts.readKey', { id: 'nas-1' }],
      ['servers.readCertificate', { address: '10.0.0.5', port: 3493 }],
      ['servers.setPassword', { id: 'nut-1', password: 'x' }],
      ['servers.remove', { id: 'nut-1' }],
      ['ups.forget', { upsId: 'ups-1' }],
      ['ups.command', { upsId: 'ups-1', order: { command: 'beeper.mute', delay: null } }],
      ['settings.save', { startAtLogin: true, theme: 'dark', rehearse: 'never' }],
    ] as const) {
      expect(await door(window, name, input), name).toMatchObject({ ok: false, fault: { code: 'refused' } });
    }
    expect(await door(window, 'snapshot', {})).toMatchObject({ ok: true });
    expect(await door(window, 'run.read', { runId: 'run-1' })).toMatchObject({ ok: true });
    expect(await door(window, 'ups.details', { upsId: 'ups-1' })).toMatchObject({ ok: true });
    expect(await door(window, 'history.read', { upsId: 'ups-1', from: 0, to: 1 })).toMatchObject({ ok: true });
    answer(true);
    expect(await first).toMatchObject({ ok: true });
    expect(reached.map(([name]) => name)).toEqual(['snapshot', 'run.read', 'ups.details', 'history.read', 'plan.arm']);
    expect(await door(window, 'run.cancel', {})).toMatchObject({ ok: true });
  });

  test('that takes long once it is confirmed does not keep a run from being stopped', async () => {
    const handlers = {
      'ups.command': () => new Promise(() => undefined),
      'run.cancel': () => null,
    } as unknown as Handlers;
    const asked = { message: '', detail: '', button: '', basis: '' };
    const { door } = doorWith({ handlers, questionFor: (name) => (name === 'ups.command' ? asked : null) });
    void door(window, 'ups.command', { upsId: 'ups-1', order: { command: 'shutdown.stayoff', delay: 60 } });
    await expect.poll(() => door(window, 'run.cancel', {})).toMatchObject({ ok: true });
  });

  test('is void when what it was about changed while the question was open', async () => {
    let basis = 'a';
    const { door, reached } = doorWith(
      { questionFor: () => ({ message: '', detail: '', button: '', basis }) },
      async () => {
        basis = 'b';
        return true;
      },
    );
    expect(await door(window, 'plan.arm', { hash })).toMatchObject({ ok: false, fault: { code: 'refused' } });
    expect(reached).toEqual([]);
  });

  test('does not wait for a server or a keychain that does not answer', async () => {
    const handlers = {
      'servers.readCertificate': () => new Promise(() => undefined),
      'servers.setPassword': () => new Promise(() => undefined),
      'plan.arm': () => null,
    } as unknown as Handlers;
    const { door } = doorWith({ handlers });
    void door(window, 'servers.readCertificate', { address: '10.0.0.5', port: 3493 });
    void door(window, 'servers.setPassword', { id: 'nut-1', password: 'x' });
    expect(await door(window, 'plan.arm', { hash })).toMatchObject({ ok: true });
  });

  test('waits for changes that were begun before', async () => {
    let save: () => void = () => undefined;
    const asked: string[] = [];
    const handlers = {
      'hosts.remove': () => new Promise<void>((resolve) => (save = resolve)),
      'plan.arm': () => null,
    } as unknown as Handlers;
    const { door } = doorWith({ handlers }, async ({ message }) => asked.push(message) > 0);
    const saving = door(window, 'hosts.remove', { id: 'nas-1' });
    const arming = door(window, 'plan.arm', { hash });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(asked).toEqual([]);
    save();
    await saving;
    expect(await arming).toMatchObject({ ok: true });
    expect(asked).toEqual(['plan.arm']);
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
