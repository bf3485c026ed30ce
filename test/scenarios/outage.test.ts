import { describe, expect, test } from 'vitest';
import { rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, cutHard, off } from './bench.ts';

const result = (made: Bench) => made.engine.run()?.result ?? null;
const phase = (made: Bench) => made.engine.run()?.phase ?? null;
const states = (made: Bench) =>
  Object.fromEntries(Object.values(made.engine.run()?.steps ?? {}).map((step) => [step.id, step.state]));

describe('an outage', () => {
  test('a flicker starts nothing', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 60 });
    made.ups.restore();
    await made.seconds(600);
    expect(made.engine.run()).toBeNull();
    expect(made.world.acts).toEqual([]);
  });

  test('one interrupt report that no read confirms is no outage', async () => {
    const made = await bench();
    made.ups.cut({ charge: 5, runtime: 10 });
    made.ups.now = { ...made.ups.now, acPresent: true };
    await made.seconds(600);
    expect(made.engine.status().powers[0]?.state).toBe('mains');
    expect(made.world.acts).toEqual([]);
  });

  test('with much battery left it waits as long as is safe, then goes down in order', async () => {
    const made = await bench();
    const needs = made.engine.status().margin.needs;
    const mustStart = Math.max(180, needs * 1.25);
    made.ups.cut({ runtime: mustStart + 100 });
    await made.seconds(60);
    expect(made.engine.status().decision.state).toBe('counting');
    expect(made.world.acts).toEqual([]);
    await made.seconds(45);
    expect(phase(made)).toBe('down');
    expect(made.engine.run()?.cause).toBe('runtime');
    await made.seconds(300);
    expect(made.world.acts).toEqual([
      'shut-down-guests esx',
      'enter-maintenance esx',
      'power-off web',
      'power-off esx',
      'power-off nas',
    ]);
    expect(off(made)).toBe('esx web nas');
    expect(cutHard(made)).toBe(0);
    expect(phase(made)).toBe('waiting-for-return');
    expect(made.engine.run()?.downResult).toBe('done');
  });

  test('not armed: the decision is shown and nothing is done', async () => {
    const made = await bench({ armed: false });
    made.ups.cut({ runtime: 30 });
    await made.seconds(120);
    expect(made.engine.run()).toBeNull();
    expect(made.engine.status().decision.sentence).toMatch(/^Not armed, so nothing is done\. It would have started: /);
    expect(made.world.acts).toEqual([]);
  });

  test('power back before the point of no return: what was sent is followed, the rest is not begun, guests come back', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(8);
    expect(made.world.acts).toEqual(['shut-down-guests esx']);
    made.ups.restore({ charge: 90 });
    await made.seconds(40);
    expect(made.world.acts).toEqual(['shut-down-guests esx']);
    expect(made.engine.run()?.downResult).toBe('cancelled');
    await made.seconds(120);
    expect(result(made)).toBe('cancelled');
    expect([...made.world.host('esx').guestsOn]).toHaveLength(2);
    expect(off(made)).toBe('');
  });

  test('power back before anything was sent: nothing is sent', async () => {
    const sequence = rackSequence({
      stages: [
        { id: 'first', name: 'First', steps: [{ id: 'wait', kind: 'wait', seconds: 30 }] },
        { id: 'hosts', name: 'Hosts', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
      ],
      returnStages: [],
    });
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 100 });
    await made.seconds(8);
    made.ups.restore();
    await made.seconds(10);
    expect(result(made)).toBe('cancelled');
    expect(made.world.countActs('power-off nas')).toBe(0);
  });

  test('power back after the point of no return: the run completes, then everything is woken', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(30);
    expect(made.engine.run()?.noReturnAt).not.toBeNull();
    made.ups.restore({ charge: 80 });
    await made.seconds(60);
    expect(off(made)).toBe('esx web nas');
    await made.seconds(240);
    expect(result(made)).toBe('done');
    expect(off(made)).toBe('');
    expect(made.world.host('esx')).toMatchObject({ guestsOn: new Set(['vm1', 'vm2']) });
    expect(made.world.host('esx').settings.has('maintenance')).toBe(false);
    expect(() => made.engine.cancel()).toThrow(/no run is going on/);
  });

  test('the return waits until the battery is charged', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(120);
    made.ups.restore({ charge: 10 });
    await made.seconds(300);
    expect(phase(made)).toBe('waiting-for-return');
    expect(made.engine.status().decision.sentence).toBe('Waiting for the battery: 10 % of 25 %');
    made.ups.now.charge = 30;
    await made.seconds(300);
    expect(result(made)).toBe('done');
  });

  test('power fails again during the return: it stops, goes down again, and nothing stays off for good', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(120);
    made.ups.restore({ charge: 80 });
    await made.seconds(80);
    expect(phase(made)).toBe('return');
    made.ups.cut({ runtime: 100 });
    await made.seconds(400);
    expect(off(made)).toBe('esx web nas');
    made.ups.restore({ charge: 80 });
    await made.seconds(400);
    expect(off(made)).toBe('');
    expect(cutHard(made)).toBe(0);
  });

  test('a host that was off before stays off', async () => {
    const made = await bench();
    made.world.host('web').power = 'off';
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(states(made)['off-web']).toBe('already');
    made.ups.restore({ charge: 80 });
    await made.seconds(400);
    expect(off(made)).toBe('web');
    expect(states(made)['wake-web']).toBe('skipped');
  });
});

describe('contact', () => {
  test('lost on battery: the last known runtime is counted down, then the run starts', async () => {
    const made = await bench();
    const start = Math.max(180, made.engine.status().margin.needs * 1.25);
    made.ups.cut({ runtime: start + 60 });
    await made.seconds(10);
    made.ups.unplug();
    await made.seconds(40);
    expect(made.engine.status().powers[0]).toMatchObject({ state: 'lost-contact', runtimeFrom: 'counted-down' });
    expect(made.engine.run()).toBeNull();
    await made.seconds(15);
    expect(made.engine.run()?.cause).toBe('runtime');
    expect(made.engine.run()?.why).toMatch(/counted down, no contact/);
  });

  test('lost on mains: alarm only', async () => {
    const made = await bench();
    made.ups.unplug();
    await made.seconds(3600);
    expect(made.engine.status().powers[0]?.state).toBe('lost-contact');
    expect(made.engine.run()).toBeNull();
  });

  test('readings that stop coming are lost contact too', async () => {
    const made = await bench();
    made.ups.plugged = false;
    await made.seconds(8);
    expect(made.engine.status().powers[0]?.state).toBe('lost-contact');
  });

  test('after a sleep of this computer nothing read before counts', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 1000 });
    await made.seconds(5);
    made.clock.jump(3_600_000);
    made.engine.resumedFromSleep();
    expect(made.engine.status().powers[0]?.state).toBe('unknown');
    made.ups.restore();
    await made.seconds(5);
    expect(made.engine.status().powers[0]?.state).toBe('mains');
    expect(made.engine.run()).toBeNull();
  });
});

describe('hosts that do not do as told', () => {
  test('one that accepts and stays on fails at its limit; the others still go down', async () => {
    const made = await bench();
    made.world.host('web').trouble = 'stuck';
    made.ups.cut({ runtime: 100 });
    await made.seconds(400);
    expect(states(made)).toMatchObject({ 'off-web': 'failed', 'off-esx': 'done', 'off-nas': 'done' });
    expect(made.engine.run()?.steps['off-web']?.fault?.code).toBe('limit-reached');
    expect(made.world.countActs('power-off web')).toBe(1);
  });

  test('one that hangs is given up at its limit', async () => {
    const made = await bench();
    made.world.host('web').trouble = 'hangs';
    made.ups.cut({ runtime: 100 });
    await made.seconds(400);
    expect(states(made)).toMatchObject({ 'off-web': 'failed', 'off-nas': 'done' });
  });

  test('one behind a switch that restarts is asked once it can be reached', async () => {
    // Nothing is given up, so that it is waited for although the battery is nearly empty.
    const made = await bench({ sequence: rackSequence({ shed: [] }) });
    made.world.host('web').trouble = 'unreachable';
    made.ups.cut({ runtime: 100 });
    await made.seconds(60);
    expect(made.world.countActs('power-off web')).toBe(0);
    made.world.host('web').trouble = null;
    await made.seconds(90);
    expect(made.world.countActs('power-off web')).toBe(1);
    expect(states(made)['off-web']).toBe('done');
  });

  test('one that refuses is not asked twice', async () => {
    const made = await bench();
    made.world.host('web').trouble = 'refuses';
    made.ups.cut({ runtime: 100 });
    await made.seconds(300);
    expect(made.engine.run()?.steps['off-web']).toMatchObject({
      state: 'failed',
      attempt: 1,
      fault: { code: 'not-allowed' },
    });
  });

  test('guests that do not stop: the hypervisor is not powered off under them', async () => {
    const made = await bench();
    made.world.steps['shut-down-guests'].act = async () => ({ guests: ['vm1'] });
    made.ups.cut({ runtime: 100 });
    await made.seconds(700);
    expect(states(made)).toMatchObject({
      'guests-esx': 'failed',
      'mm-esx': 'failed',
      'off-esx': 'skipped',
      'off-web': 'done',
      'off-nas': 'done',
    });
    expect(cutHard(made)).toBe(0);
  });

  test('a failed step marked "stop" keeps everything later from being begun', async () => {
    const sequence = rackSequence();
    const first = sequence.stages[0]?.steps[0];
    if (first) first.onFailure = 'stop';
    const made = await bench({ sequence });
    made.world.host('esx').trouble = 'refuses';
    made.ups.cut({ runtime: 100 });
    await made.seconds(400);
    expect(made.world.acts).toEqual([]);
    expect(states(made)).toMatchObject({ 'guests-esx': 'failed', 'off-web': 'skipped', 'off-nas': 'skipped' });
  });
});

describe('by hand', () => {
  test('on mains: goes down at once and wakes nothing by itself', async () => {
    const made = await bench();
    await made.engine.startByHand();
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    await made.seconds(600);
    expect(result(made)).toBe('done');
    expect(off(made)).toBe('esx web nas');
  });

  test('stopped by hand before the line; on battery it is not started again in the same outage', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(8);
    made.engine.cancel();
    await made.seconds(600);
    expect(made.world.acts).toEqual(['shut-down-guests esx']);
  });

  test('a disk that is full does not keep the run from going on', async () => {
    const made = await bench();
    made.journals.create = () => Promise.reject(new Error('ENOSPC'));
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    expect(made.engine.run()?.log.some((line) => line.text.includes('The journal could not be written'))).toBe(true);
  });
});
