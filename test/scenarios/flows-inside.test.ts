import { describe, expect, test } from 'vitest';
import { homeServer } from './flows/home-server.ts';
import { errorsOf, problemsOf, ready } from './flows/play.ts';
import { upsOne } from './flows/racks.ts';
import { singleUps, upsDelay } from './flows/single-ups.ts';

describe('Glidepath in a VM of the host that goes last', () => {
  test('Glidepath in a VM of the last host takes that one along as the very last', async () => {
    const flow = singleUps({ isInside: true });
    expect(errorsOf(flow)).toEqual([]);
    expect(problemsOf(flow).filter(({ what }) => /mgmt before Back-UPS|pc/.test(what))).toEqual([]);
    const played = await ready(flow);
    await played.cut(upsOne.id, 600);
    expect(played.begun(/^off-/)).toEqual(['276: off-v1', '311: off-v2', '346: off-witness', '436: off-mgmt']);
    expect([played.notDone(), played.harm(), played.on()]).toEqual([[], [], {}]);
  });

  test('and when it is back with that host, it leaves it on and brings back all others', async () => {
    const played = await ready(singleUps({ stopsCluster: true, isInside: true }));
    await played.cut(upsOne.id, 600 + upsDelay);
    const { bench } = played;
    const { world } = bench;
    expect([played.notDone(), played.harm(), played.on()]).toEqual([[], [], {}]);
    for (const id of ['mgmt', 'pc']) world.host(id).power = 'on';
    world.host('mgmt').guestsOn.add('pc');
    await bench.restart();
    await played.restore(upsOne.id, 800);
    expect(world.countActs('power-off mgmt')).toBe(1);
    const proofs = bench.journals.records.flatMap((record) =>
      record.type === 'step-ended' && ['off-mgmt', 'wake-mgmt'].includes(record.step) ? [record.proof] : [],
    );
    expect(proofs).toEqual(['this computer had taken it, and was started again since', 'answers on port 22']);
    // Though it was away for the better part of an hour, it was not cancelled: nothing was left to be done.
    expect(bench.engine.run()).toMatchObject({ phase: 'ended', result: 'done' });
    expect(played.on()).toEqual({
      v1: ['vcsa', 'web', 'wiki'],
      v2: ['ad', 'build', 'db', 'test'],
      witness: [],
      mgmt: ['backup', 'pc'],
      pc: [],
    });
    expect([played.notDone(), played.harm()]).toEqual([[], []]);
  });
});

describe('a home server with Glidepath in one of its VMs, and a laptop that sleeps', () => {
  const asleep = async (flow: ReturnType<typeof homeServer>) => {
    const played = await ready(flow);
    played.bench.world.host('laptop').power = 'off';
    return played;
  };
  const event = expect.stringContaining('-EventId 9876');

  test('Glidepath on a VM of the host wakes the laptop and leaves it the rest', async () => {
    const flow = homeServer('dc', 'signal');
    expect(problemsOf(flow)).toEqual([]);
    const played = await asleep(flow);
    await played.cut(upsOne.id, 600);
    expect(played.begun()).toEqual(['121: wake', '161: signal']);
    expect(played.told.commands).toEqual([event]);
  });

  test('Glidepath on a VM of the host takes the host along, as the last', async () => {
    const flow = homeServer('dc', 'all');
    expect(errorsOf(flow)).toEqual([]);
    const played = await asleep(flow);
    await played.cut(upsOne.id, 600);
    expect(played.begun()).toEqual(['121: wake', '161: signal', '181: off-wfe', '201: rest', '221: off-esx']);
    expect([played.notDone(), played.harm(), played.on()]).toEqual([[], [], { laptop: [] }]);
  });
});
