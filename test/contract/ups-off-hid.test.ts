import { describe, expect, test, vi } from 'vitest';
import { captured } from '../fakes/ups/captured.ts';
import { hidBench, waitFor } from '../fakes/ups/hid-bench.ts';
import { ordersOver, turningOff, upsOffStep } from './ups-off-kit.ts';

// The step that turns off a UPS, by the real node-hid to an emulated hidraw device that counts down.

const bench = hidBench();
const eaton = { model: captured('eaton-3s-700'), serial: 'EATON1' };
const eatonId = 'hid:0463:ffff:EATON1';
const cyber = { model: captured('cyberpower-cp1000pfclcda'), serial: 'CPS1' };
const cyberId = 'hid:0764:0601:CPS1';

type Finish = Parameters<typeof bench>[0];

async function plugged(onTestFinished: Finish, model: typeof eaton, id: string, allowed = true) {
  const made = bench(onTestFinished);
  const fake = await made.plugged(model);
  const orders = await ordersOver(made.source(fake), id, allowed);
  // Until its countdown has been read for the first time, nobody knows that it shows one.
  await vi.waitFor(async () => expect(await orders.countdown(id)).toEqual({ state: 'none' }), waitFor);
  return { fake, orders, actions: turningOff(orders) };
}

describe.concurrent('turning off a UPS over HID', { timeout: 60_000 }, () => {
  test('is proven by the countdown that it shows, and called off again', async ({ onTestFinished }) => {
    const { fake, orders, actions } = await plugged(onTestFinished, eaton, eatonId);
    const step = upsOffStep(eatonId);
    expect(await actions.probe(step)).toEqual({ state: 'not-done', seen: 'no countdown runs' });
    const before = Date.now();
    const data = await actions.act(step);
    expect(fake.written).toEqual([0x0a, 0x09]);
    expect(data).toMatchObject({ ups: 'Rack', sentence: expect.stringContaining('off in 1 min') });
    expect(data.offAt).toBeGreaterThanOrEqual(before + 60_000);
    const proof = expect.stringMatching(/^it turns off in (1 min|5\d s|4\d s)$/);
    await vi.waitFor(async () => expect(await actions.probe(step)).toEqual({ state: 'done', proof }), waitFor);
    expect(await actions.undo?.(step.step)).toContain('stopped');
    await vi.waitFor(async () => expect(await orders.countdown(eatonId)).toEqual({ state: 'none' }), waitFor);
  });

  test('a countdown that runs already is found, and no second command is sent', async ({ onTestFinished }) => {
    const { fake, actions } = await plugged(onTestFinished, eaton, eatonId);
    await actions.act(upsOffStep(eatonId));
    const sent = fake.written.length;
    // Another process, which knows of no answer.
    const later = upsOffStep(eatonId);
    await vi.waitFor(async () => expect((await actions.probe(later)).state).toBe('done'), waitFor);
    expect(fake.written).toHaveLength(sent);
  });

  test('a run that is cancelled while it is proven calls it off', async ({ onTestFinished }) => {
    const { orders, actions } = await plugged(onTestFinished, eaton, eatonId);
    const step = upsOffStep(eatonId);
    await actions.act(step);
    step.cancel();
    // The journal forgets when it was to turn off: nobody waits for it, and nobody is warned of it.
    expect(await actions.probe(step)).toMatchObject({
      state: 'done',
      proof: expect.stringContaining('called off'),
      data: { offAt: 0 },
    });
    await vi.waitFor(async () => expect(await orders.countdown(eatonId)).toEqual({ state: 'none' }), waitFor);
  });

  test('and off it stays, if the step says so', async ({ onTestFinished }) => {
    const { actions } = await plugged(onTestFinished, eaton, eatonId);
    const data = await actions.act(upsOffStep(eatonId, { returns: false }));
    expect(data.sentence).toContain('they stay off until it is switched on by hand');
  });

  test('by a device that counts minutes never sooner than was asked for', async ({ onTestFinished }) => {
    const { fake, actions } = await plugged(onTestFinished, cyber, cyberId);
    const before = Date.now();
    // 90 s would be rounded down to a minute, and cut hosts that still go down.
    const { offAt, sentence } = await actions.act(upsOffStep(cyberId, { delay: 90 }));
    expect(sentence).toContain('off in 2 min');
    expect(offAt).toBeGreaterThanOrEqual(before + 120_000);
    expect(fake.written).toHaveLength(2);
  });

  test('that ignores what is written fails, and is not taken for done', async ({ onTestFinished }) => {
    const { fake, actions } = await plugged(onTestFinished, eaton, eatonId);
    fake.ignoresWrites = true;
    const step = upsOffStep(eatonId);
    await expect(actions.act(step)).rejects.toMatchObject({ fault: { code: 'ups-refused' } });
    expect((await actions.probe(step)).state).toBe('not-done');
  });

  test('is refused, and nothing is written, when the user has allowed no commands', async ({ onTestFinished }) => {
    const { fake, actions } = await plugged(onTestFinished, eaton, eatonId, false);
    const step = upsOffStep(eatonId);
    await expect(actions.act(step)).rejects.toMatchObject({ fault: { code: 'refused', where: 'Rack' } });
    expect(fake.written).toEqual([]);
    expect((await actions.check(step)).map(({ what, verdict }) => [what, verdict])).toEqual([
      ['reach', 'ready'],
      ['privilege', 'fails'],
    ]);
  });

  test('one group of its outlets is refused, and nothing is written', async ({ onTestFinished }) => {
    // Its groups stand in its descriptor, but nothing of them can be written.
    const { fake, actions } = await plugged(onTestFinished, eaton, eatonId);
    const step = upsOffStep(eatonId, { outlet: 1 });
    await expect(actions.act(step)).rejects.toMatchObject({
      fault: { code: 'refused', what: 'nothing is known that turns off its outlets of group 1 alone' },
    });
    expect((await actions.check(step)).map(({ verdict }) => verdict)).toEqual(['ready', 'fails']);
    expect(fake.written).toEqual([]);
  });

  test('a rehearsal looks, and writes nothing', async ({ onTestFinished }) => {
    const { fake, actions } = await plugged(onTestFinished, eaton, eatonId);
    expect((await actions.check(upsOffStep(eatonId))).map(({ verdict }) => verdict)).toEqual(['ready', 'ready']);
    expect((await actions.check(upsOffStep('hid:none'))).map(({ verdict }) => verdict)).toEqual(['fails']);
    expect(fake.written).toEqual([]);
  });
});
