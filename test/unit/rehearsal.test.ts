import { describe, expect, it } from 'vitest';
import { rehearsalSchema } from '../../shared/rehearsal.ts';
import { hostNamed, inputFor, seen } from './rehearsal-kit.ts';

const [web, nas] = [hostNamed('web'), hostNamed('nas')];
const many = Array.from({ length: 20 }, (_, at) => hostNamed(`h${at}`));

describe('a rehearsal', () => {
  it('looks at every step of both ways, and does none', async () => {
    const { held, acts, progress } = inputFor([web, nas], async ({ step }) => [
      seen('ready'),
      seen(step.id === 'off-nas' ? 'fails' : step.id === 'wake-web' ? 'cannot-check' : 'ready'),
    ]);
    const report = await held();
    expect(rehearsalSchema.parse(report)).toEqual(report);
    expect(report.steps.map(({ stepId, phase, verdict }) => [stepId, phase, verdict])).toEqual([
      ['off-web', 'down', 'ready'],
      ['off-nas', 'down', 'fails'],
      ['wake-web', 'return', 'cannot-check'],
      ['wake-nas', 'return', 'ready'],
    ]);
    expect(report.steps[0]).toMatchObject({
      hostName: 'web',
      hostKind: 'linux',
      would: 'do off-web',
      p50: 10,
      p90: 20,
    });
    expect(report).toMatchObject({
      needs: { p50: 10, p90: 20 },
      runtimeLeft: 900,
      brokenOff: null,
      sequenceId: 'rack',
    });
    expect(progress).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4']);
    expect(acts).toEqual([]);
  });

  it('has eight hosts at once, and the steps of one after each other', async () => {
    let going = 0;
    let most = 0;
    const order: string[] = [];
    const { held } = inputFor(many, async ({ step, host }) => {
      going += 1;
      most = Math.max(most, going);
      order.push(`${host?.id} ${step.kind}`);
      await new Promise((resolve) => setImmediate(resolve));
      going -= 1;
      return [seen('ready')];
    });
    expect((await held()).steps.length).toBe(40);
    expect(most).toBe(8);
    for (const { id } of many) expect(order.indexOf(`${id} power-off`)).toBeLessThan(order.indexOf(`${id} wake`));
  });

  it('gives all steps one signal, by which what they share is known', async () => {
    const signals = new Set<AbortSignal>();
    const { held, input } = inputFor([web, nas], async ({ signal }) => {
      signals.add(signal);
      return [];
    });
    const report = await held();
    expect([...signals]).toEqual([input.signal]);
    expect(report.steps.map(({ verdict }) => verdict)).toEqual(Array(4).fill('cannot-check'));
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken');
      },
    ],
  ])('goes on when a check %s', async (_, check) => {
    const { held } = inputFor([web], check as never);
    const { steps } = await held();
    expect(steps.map(({ verdict }) => verdict)).toEqual(['fails', 'fails']);
    expect(steps[0]?.checks[0]?.fault).toMatchObject({ code: 'internal', what: 'broken' });
  });

  it('gives a check two minutes', async () => {
    const { held, clock } = inputFor([web], ({ step }) =>
      step.kind === 'wake' ? Promise.resolve([seen('ready')]) : new Promise(() => {}),
    );
    const report = held();
    await clock.advance(120_000);
    expect((await report).steps.map(({ verdict, checks }) => [verdict, checks[0]?.fault?.code])).toEqual([
      ['fails', 'limit-reached'],
      ['ready', undefined],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('that is broken off keeps what it had seen, and judges nobody by the rest', async () => {
    const abort = new AbortController();
    const { held, clock } = inputFor(
      [web, nas],
      ({ step }) => (step.id === 'off-web' ? Promise.resolve([seen('ready')]) : new Promise(() => {})),
      { signal: abort.signal },
    );
    const report = held();
    await clock.advance(0);
    abort.abort('The power failed.');
    expect(await report).toMatchObject({ brokenOff: 'The power failed.', steps: [{ stepId: 'off-web' }] });
    expect((await report).steps.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('tells of a host that is gone', async () => {
    const { input, held } = inputFor([web], async ({ host }) => [seen(host ? 'ready' : 'fails')]);
    input.hosts = [];
    expect((await held()).steps[0]).toMatchObject({ hostId: 'web', hostName: 'web', hostKind: null, verdict: 'fails' });
  });
});
