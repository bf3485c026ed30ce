import { describe, expect, test } from 'vitest';
import { ups as firstUps, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, cutHard, off } from './bench.ts';

const guests = (made: Bench): string => [...made.world.host('esx').guestsOn].sort().join(' ');
const phase = (made: Bench) => made.engine.run()?.phase ?? null;

/** Down, and the return has begun: the NAS is awake, the others boot. */
async function returning(): Promise<Bench> {
  const made = await bench();
  made.ups.cut({ runtime: 100 });
  await made.seconds(120);
  made.ups.restore({ charge: 80, runtime: 3600 });
  await made.seconds(80);
  expect(phase(made)).toBe('return');
  return made;
}

describe('an outage after another', () => {
  test('mains back for two seconds before the line, then gone again: the second outage gets its run', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(8);
    made.ups.restore();
    await made.seconds(4);
    made.ups.cut({ runtime: 100, belowCapacityLimit: true });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    expect(cutHard(made)).toBe(0);
    made.ups.restore({ charge: 80, belowCapacityLimit: false });
    await made.seconds(400);
    expect(off(made)).toBe('');
    expect(guests(made)).toBe('vm1 vm2');
  });

  test('while the battery is too low for a return, and somebody has switched the hosts on by hand', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(120);
    made.ups.restore({ charge: 10 });
    await made.seconds(30);
    for (const host of made.world.hosts.values()) host.power = 'on';
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });

  test('during the return, with a host that never wakes: the next run begins at once', async () => {
    const made = await returning();
    made.world.steps.wake.probe = async () => ({ state: 'not-done', seen: 'silent' });
    made.ups.cut({ runtime: 120, charge: 20 });
    await made.seconds(10);
    expect(made.engine.run()?.runId).toBe('run-2');
    expect(phase(made)).toBe('down');
  });

  test('a blip during the return: it goes on, and nothing stays off', async () => {
    const made = await returning();
    made.ups.cut({ runtime: 3600 });
    await made.seconds(6);
    expect(phase(made)).toBe('return');
    made.ups.restore({ charge: 80 });
    await made.seconds(400);
    expect(made.engine.run()).toMatchObject({ runId: 'run-1', result: 'done' });
    expect(off(made)).toBe('');
    expect(guests(made)).toBe('vm1 vm2');
  });

  test('during the return, before the guests are on: the second return starts them too', async () => {
    const made = await returning();
    made.ups.cut({ runtime: 100 });
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    made.ups.restore({ charge: 80 });
    await made.seconds(400);
    expect(off(made)).toBe('');
    expect(guests(made)).toBe('vm1 vm2');
  });

  test('cancelled before it acted: what the first run owes is still brought back', async () => {
    const made = await returning();
    made.ups.cut({ runtime: 100 });
    await made.seconds(6);
    made.world.steps['shut-down-guests'].probe = () => new Promise(() => undefined);
    await made.seconds(1);
    expect(made.engine.run()?.runId).toBe('run-2');
    made.ups.restore({ charge: 80 });
    await made.seconds(700);
    expect(off(made)).toBe('');
  });

  test('after a run by hand on mains: hosts that were switched off by hand stay off', async () => {
    const made = await bench();
    await made.engine.startByHand();
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    made.ups.cut({ runtime: 100 });
    await made.seconds(300);
    made.ups.restore({ charge: 80 });
    await made.seconds(400);
    expect(off(made)).toBe('esx web nas');
  });
});

describe('ending by hand', () => {
  test('before the line nothing more is sent; past it stopping is refused', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(30);
    expect(made.engine.run()?.noReturnAt).not.toBeNull();
    expect(() => made.engine.cancel()).toThrow(/point of no return/);
  });

  test('while it waits for the return: nothing is brought back, and a new run may begin', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(120);
    made.engine.cancel();
    await made.seconds(5);
    expect(made.engine.run()).toMatchObject({ phase: 'ended', endedByHand: true });
    made.ups.restore({ charge: 80 });
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
  });

  test('a run by hand that is stopped brings back the guests that it had already shut down', async () => {
    const made = await bench();
    await made.engine.startByHand();
    await made.seconds(2);
    made.engine.cancel();
    await made.seconds(300);
    expect(guests(made)).toBe('vm1 vm2');
    expect(off(made)).toBe('');
  });

  test('stopped, then a crash: it stays stopped', async () => {
    const made = await bench();
    await made.engine.startByHand();
    await made.seconds(2);
    made.engine.cancel();
    await made.seconds(2);
    await made.restart();
    await made.seconds(300);
    expect(made.world.acts.filter((act) => act.startsWith('power-off'))).toEqual([]);
    expect(off(made)).toBe('');
  });

  test('an attempt that may have arrived is not made again after the mains are back', async () => {
    const made = await bench();
    const act = made.world.steps['shut-down-guests'].act;
    let attempts = 0;
    made.world.steps['shut-down-guests'].act = (context) => {
      attempts += 1;
      made.world.host('esx').trouble = 'refuses';
      made.ups.restore();
      return act(context).catch((error) =>
        Promise.reject(Object.assign(error, { fault: { ...error.fault, code: 'command-failed' } })),
      );
    };
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(attempts).toBe(1);
    expect(made.engine.run()?.downResult).toBe('cancelled');
  });
});

describe('several UPSes', () => {
  const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };

  test('one is unplugged while on mains: the other still cancels and brings back', async () => {
    const made = await bench({ second });
    made.second.unplug();
    made.ups.cut({ runtime: 100 });
    await made.seconds(8);
    made.ups.restore({ charge: 80 });
    await made.seconds(200);
    expect(made.world.acts.filter((act) => act.startsWith('power-off'))).toEqual([]);
    expect(made.engine.run()?.result).toBe('cancelled');
    expect(guests(made)).toBe('vm1 vm2');
  });

  test('one without a serial number comes back at another port: it is the same one, not a phantom that counts down', async () => {
    const made = await bench({ second: { ...second, id: 'hid:0764:0501@usb-1' } });
    made.second.cut({ runtime: 1000 });
    await made.seconds(5);
    made.second.unplug();
    made.second.identity = { ...second, id: 'hid:0764:0501@usb-2' };
    made.second.plug();
    made.second.restore();
    await made.seconds(5);
    expect(made.engine.status().powers.map((power) => power.state)).toEqual(['mains', 'mains']);
    await made.seconds(2000);
    expect(made.engine.run()).toBeNull();
  });
});

describe('what must not stop the watch', () => {
  test('a view that throws', async () => {
    const made = await bench();
    made.engine.onChange(() => {
      throw new Error('Tray destroyed');
    });
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });

  test('journals that cannot be read at the start', async () => {
    const made = await bench();
    made.journals.unfinished = () => Promise.reject(new Error('EIO'));
    await made.restart();
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });

  test('a folder of journals that never answers when a run begins', async () => {
    const made = await bench();
    made.journals.create = () => new Promise(() => undefined);
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });

  test('a full disk: it is said once, not for each record', async () => {
    const made = await bench();
    made.journals.create = () =>
      Promise.resolve({ append: () => Promise.reject(new Error('ENOSPC')), close: () => Promise.resolve() });
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    const told = made.engine.run()?.log.filter(({ text }) => text.startsWith('The journal could not be written'));
    expect(told).toHaveLength(1);
  });

  test('a journal that never answers', async () => {
    const made = await bench();
    made.journals.create = () =>
      Promise.resolve({ append: () => new Promise(() => undefined), close: () => Promise.resolve() });
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });
});

describe('what must not start a run', () => {
  test('one report of zeros on battery', async () => {
    const made = await bench();
    made.ups.drains = false;
    made.ups.cut({ runtime: 3600, charge: 90 });
    await made.seconds(60);
    made.ups.now = { ...made.ups.now, runtime: 0, charge: 0 };
    await made.seconds(10);
    made.ups.now = { ...made.ups.now, runtime: 3500, charge: 89 };
    await made.seconds(60);
    expect(made.engine.run()).toBeNull();
  });

  test('a real collapse is believed after it has lasted', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 3600, charge: 90 });
    await made.seconds(60);
    made.ups.now = { ...made.ups.now, runtime: 60 };
    await made.seconds(20);
    expect(made.engine.run()?.cause).toBe('runtime');
  });

  test('a flicker of a second on a battery that lasts less than the plan needs, or is still recharging', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100, charge: 20 });
    await made.seconds(1.2);
    made.ups.restore();
    await made.seconds(100);
    expect(made.world.acts).toEqual([]);
  });

  test('a week-old unfinished run, on battery with much left: its triggers decide, not its journal', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 100 });
    await made.seconds(15);
    made.kill();
    made.clock.jump(7 * 86_400_000);
    made.ups.now = { ...made.ups.now, runtime: 7200 };
    await made.restart();
    await made.seconds(300);
    expect(made.world.acts.filter((act) => act.startsWith('power-off'))).toEqual([]);
    expect(made.engine.status().decision.sentence).toMatch(/not on mains/);
  });
});

describe('what must start one', () => {
  test('contact lost on battery, with the runtime trigger off: the countdown counts all the same', async () => {
    const sequence = rackSequence({ triggers: { runtime: { enabled: false }, charge: {}, onBattery: {} } });
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 600, charge: 80 });
    await made.seconds(20);
    made.ups.unplug();
    await made.seconds(600);
    expect(made.engine.run()?.cause).toBe('runtime');
  });

  test('a UPS that tells its state by interrupt alone', async () => {
    const made = await bench();
    made.ups.plugged = false;
    await made.engine.stop();
    for (let second = 0; second < 20; second += 1) {
      made.ups.cut({ runtime: 100 });
      made.ups.plugged = true;
      made.ups.cut({ runtime: 100 });
      made.ups.plugged = false;
      await made.seconds(1);
    }
    expect(made.engine.status().powers[0]?.onBatterySince).not.toBeNull();
  });
});

test('a UPS that was found and never says anything is lost contact, not "unknown" for ever', async () => {
  const made = await bench();
  made.ups.plugged = false;
  made.engine.resumedFromSleep();
  await made.seconds(10);
  expect(made.engine.status().powers[0]?.state).toBe('lost-contact');
});

test('a host whose guests this run shut down, and that then falls silent, was not off before', async () => {
  const made = await bench();
  made.ups.cut({ runtime: 100 });
  await made.seconds(27);
  made.world.host('esx').power = 'off';
  await made.seconds(200);
  expect(made.engine.run()?.steps['off-esx']?.state).toMatch(/already|skipped|done/);
  made.ups.restore({ charge: 80 });
  await made.seconds(400);
  expect(off(made)).toBe('');
});

test('a host that still answers when the return begins, and then goes down: it is woken', async () => {
  const made = await bench();
  const { act } = made.world.steps['power-off'];
  made.world.steps['power-off'].act = (context) =>
    context.host?.id === 'web'
      ? new Promise((resolve) => {
          made.clock.after(280_000, () => {
            made.world.host('web').power = 'off';
          });
          resolve({});
        })
      : act(context);
  made.ups.cut({ runtime: 100 });
  await made.seconds(100);
  made.ups.restore({ charge: 80 });
  await made.seconds(600);
  expect(made.engine.run()?.steps['off-web']?.state).toBe('failed');
  expect(made.engine.run()?.phase).toBe('ended');
  expect(off(made)).toBe('');
});

test('cancelled while the intent is being written: the act is not sent', async () => {
  const made = await bench();
  const create = made.journals.create.bind(made.journals);
  made.journals.create = async (runId) => {
    const journal = await create(runId);
    return {
      ...journal,
      append: async (record) => {
        await journal.append(record);
        if (record.type === 'intent') made.engine.cancel();
      },
    };
  };
  await made.engine.startByHand();
  await made.seconds(60);
  expect(made.world.acts).toEqual([]);
  expect(made.engine.run()).toMatchObject({ phase: 'ended', result: 'cancelled' });
});
