import { describe, expect, it, onTestFinished } from 'vitest';
import { noAnswer } from '../../electron/ups/net/server-fault.ts';
import type { UpsCommand } from '../../shared/ups-command.ts';
import { type InMemory, inMemory } from '../fakes/nut/in-memory.ts';
import type { ModelUps, UpsdModel } from '../fakes/nut/model.ts';

const id = 'nut:10.0.0.5:3493/rack';
const variables = { 'ups.status': 'OL', 'ups.delay.shutdown': '20', 'ups.timer.shutdown': '-1' };

async function session(setUp: (model: UpsdModel) => void, user = 'me', password: string | null = 'secret') {
  const one = inMemory(user, password, setUp);
  onTestFinished(() => one.stop());
  await one.clock.advance(0);
  return one;
}

const types = ({ events }: InMemory, from = 0): string[] =>
  events.slice(from).map((event) => (event.type === 'lost' ? `lost ${event.fault.code}` : event.type));

describe('a session', () => {
  it('asks for the status every 2 s, every second on battery, and for everything every 10 s', async () => {
    const one = await session((model) => model.add('rack', variables), '');
    const count = (line: string): number => one.model.told.filter((told) => told === line).length;
    await one.clock.advance(9000);
    expect([count('LIST VAR rack'), count('GET VAR rack ups.status')]).toEqual([1, 4]);
    await one.clock.advance(2000);
    expect(count('LIST VAR rack')).toBe(2);
    one.session.hurry(true);
    const before = one.events.length;
    await one.clock.advance(5000);
    expect(one.events.length - before).toBeGreaterThanOrEqual(5);
  });

  it('tells nothing on battery that is older than 2 s', async () => {
    const one = await session((model) => model.add('rack', { 'ups.status': 'OB', 'battery.runtime': '600' }), '');
    one.session.hurry(true);
    await one.clock.advance(1000);
    one.model.upses.get('rack')?.variables.set('battery.runtime', '30');
    await one.clock.advance(2000);
    expect(one.events.at(-1)).toMatchObject({ reading: { runtime: 30 } });
  });

  it('reads everything at once when the status changes', async () => {
    const one = await session((model) => model.add('rack', { ...variables, 'battery.runtime': '900' }), '');
    const ups = one.model.upses.get('rack') as ModelUps;
    ups.variables.set('ups.status', 'OB').set('battery.runtime', '300');
    await one.clock.advance(2000);
    expect(one.events.at(-1)).toMatchObject({ reading: { acPresent: false, runtime: 300 } });
  });

  it('that a server says no to is told so', async () => {
    const one = await session((model) => {
      model.answer = () => ['ERR ACCESS-DENIED'];
    }, '');
    expect((await one.ended).fault).toMatchObject({
      code: 'ups-refused',
      what: expect.stringContaining('ACCESS-DENIED'),
    });
  });

  it('finds a UPS that is added, and loses one that is taken away', async () => {
    const one = await session((model) => model.add('rack', variables), '');
    one.model.add('shelf', variables);
    one.model.upses.delete('rack');
    const from = one.events.length;
    await one.clock.advance(2000);
    expect(types(one, from)).toEqual(['lost ups-lost']);
    await one.clock.advance(30_000);
    expect(one.events.slice(from)).toContainEqual(
      expect.objectContaining({ type: 'found', ups: expect.objectContaining({ id: 'nut:10.0.0.5:3493/shelf' }) }),
    );
    expect(one.session.ups(id)).toBeUndefined();
  });

  it('reads 50 names at most, however they come and go, and says so once', async () => {
    const one = await session(() => undefined, '');
    const told: unknown[] = [];
    for (let n = 0; n < 60; n += 1) {
      one.model.upses.clear();
      one.model.add(`u${n}`, variables);
      await one.clock.advance(30_000);
      if (one.session.fault && one.session.fault !== told.at(-1)) told.push(one.session.fault);
    }
    expect(new Set(one.events.flatMap((event) => (event.type === 'found' ? event.ups.id : []))).size).toBe(50);
    expect(told).toMatchObject([{ code: 'ups-unsupported', what: expect.stringContaining('more than 50 different') }]);
    // One that was read before is read again.
    one.model.add('u3', variables);
    const from = one.events.length;
    await one.clock.advance(30_000);
    expect(types(one, from)).toContain('reading');
  });

  it.each([
    ['DATA-STALE', 'ups-lost'],
    ['DRIVER-NOT-CONNECTED', 'ups-lost'],
    ['ACCESS-DENIED', 'ups-read-failed'],
  ])('shows a UPS that cannot be read from the start (%s) as found and lost, once', async (trouble, code) => {
    const one = await session((model) => model.add('rack', variables, { trouble }), '');
    await one.clock.advance(6000);
    expect(types(one)).toEqual(['found', `lost ${code}`]);
    (one.model.upses.get('rack') as ModelUps).trouble = '';
    await one.clock.advance(2000);
    expect(types(one).slice(2)).toEqual(['found', 'reading']);
  });

  it('tells a driver that says who it is later', async () => {
    const one = await session((model) => model.add('rack', variables), '');
    (one.model.upses.get('rack') as ModelUps).variables.set('ups.model', 'Tower');
    await one.clock.advance(12_000);
    expect(one.events.filter((event) => event.type === 'found').map(({ ups }) => ups.name)).toEqual([
      'UPS rack',
      'Tower',
    ]);
  });

  it('reads on without a password, and says so', async () => {
    const one = await session((model) => model.add('rack', variables), 'me', null);
    expect(one.session.fault).toMatchObject({ code: 'no-credential' });
    expect(one.model.told.join()).not.toContain('USERNAME');
    expect(types(one)).toContain('reading');
  });

  it('has a fault when the server has no UPS', async () => {
    const one = await session(() => undefined);
    expect(one.session.fault).toMatchObject({ code: 'ups-unsupported' });
  });
});

describe('an order', () => {
  const all: UpsCommand[] = ['shutdown.return', 'shutdown.stop', 'beeper.mute', 'test.battery.start.quick'];

  async function rack(more: Partial<ModelUps>, values: Record<string, string> = variables) {
    const one = await session((model) => model.add('rack', values, { commands: new Set(all), ...more }));
    const order = (command: UpsCommand, delay: number | null, outlet: { outlet?: number }): Promise<string> => {
      const given =
        one.session.ups(id)?.command({ command, delay, ...outlet }) ?? Promise.reject(new Error('not found'));
      return given.catch((error) => `${error.fault?.code}: ${error.fault?.what ?? error}`);
    };
    const run = async (command: UpsCommand, delay: number | null = null, outlet = {}): Promise<string> => {
      const said = order(command, delay, outlet);
      await one.clock.advance(15_000);
      return said;
    };
    return { ...one, run };
  }

  const counts = (_command: string, values: Map<string, string>): string => {
    values.set('ups.timer.shutdown', values.get('ups.delay.shutdown') ?? '');
    return 'SUCCESS';
  };

  it('sets the delay, sends the command and says what the countdown says', async () => {
    const { run, model } = await rack({ writable: new Set(['ups.delay.shutdown']), obey: counts });
    expect(await run('shutdown.return', 90)).toBe(
      'It switches its outlets off in 90 s, on again when the mains are back.',
    );
    const told = model.told.filter((line) => /^(SET VAR|INSTCMD)/.test(line));
    expect(told).toEqual(['SET VAR rack ups.delay.shutdown 90', 'INSTCMD rack shutdown.return']);
  });

  it('to one group of outlets is told by the state of that group alone', async () => {
    const group = {
      'outlet.group.1.delay.shutdown': '90',
      'outlet.group.1.timer.shutdown': 'NotActive',
      'outlet.group.1.status': 'on',
    };
    const commands = new Set(['shutdown.return', 'outlet.group.1.shutdown.return']);
    const outlet = { outlet: 1 };
    // The timer of all of the UPS runs, which says nothing of the group.
    const dead = await rack({ commands, obey: counts }, { ...variables, ...group });
    expect(await dead.run('shutdown.return', 90, outlet)).toBe(
      'The server took shutdown.return, but 10 s later there is no sign of it. It may switch its outlets of group 1 off all the same.',
    );
    expect(dead.model.told.filter((line) => line.startsWith('INSTCMD'))).toEqual([
      'INSTCMD rack outlet.group.1.shutdown.return',
    ]);
    const obey = (name: string) => (_command: string, values: Map<string, string>) => {
      values.set(`outlet.group.1.${name}`, name === 'status' ? 'off' : '88');
      return 'SUCCESS';
    };
    const counting = await rack({ commands, obey: obey('timer.shutdown') }, { ...variables, ...group });
    expect(await counting.run('shutdown.return', 90, outlet)).toBe(
      'It switches its outlets of group 1 off in 88 s, on again when the mains are back.',
    );
    const off = await rack({ commands, obey: obey('status') }, { ...variables, ...group });
    expect(await off.run('shutdown.return', 90, outlet)).toBe(
      'It has switched its outlets of group 1 off, on again when the mains are back.',
    );
    expect(await off.run('shutdown.return', 90, { outlet: 2 })).toBe(
      'ups-refused: It does not take the command shutdown.return.',
    );
  });

  it('keeps the delay of a driver that has a fixed one', async () => {
    const { run, model } = await rack({ obey: counts });
    expect(await run('shutdown.return', 90)).toContain('off in 20 s');
    expect(model.told.join()).not.toContain('SET VAR');
  });

  describe('that was taken is not refused, whatever comes after it:', () => {
    it('no sign of it', async () => {
      const { run } = await rack({});
      expect(await run('shutdown.return')).toBe(
        'The server took shutdown.return, but 10 s later there is no sign of it. It may switch its outlets off all the same.',
      );
    });

    it('a driver that does not say what came of it', async () => {
      const { run } = await rack({ obey: () => 'PENDING' });
      expect(await run('beeper.mute')).toBe(
        'The server took beeper.mute, but the driver has not said within 10 s what came of it. Look at the UPS.',
      );
    });

    it('a server that has forgotten what came of it', async () => {
      const { run } = await rack({ obey: () => 'ERR UNKNOWN' });
      expect(await run('shutdown.stop')).toMatch(/^The server took .* \(UNKNOWN\)\. Its countdown may still run\.$/);
    });

    it('stale data', async () => {
      const { run, model } = await rack({
        obey: () => {
          const answer = model.answer.bind(model);
          model.answer = (line) => (line.startsWith('LIST VAR') ? ['ERR DATA-STALE'] : answer(line));
          return 'SUCCESS';
        },
      });
      expect(await run('shutdown.return')).toMatch(/^The server took .*\(DATA-STALE\)\. It may switch its outlets off/);
    });

    it('the end of the connection', async () => {
      const { run, talk, clock } = await rack({ obey: () => 'PENDING' });
      const said = run('shutdown.return');
      await clock.advance(2000);
      talk.end(noAnswer({ kind: 'nut', address: '10.0.0.5', port: 3493 }, 'It closed the connection.'));
      expect(await said).toMatch(/^The server took .*It closed the connection\. It may switch its outlets off/);
    });
  });

  it('believes a UPS that shows no countdown, and says that', async () => {
    const { run } = await rack({}, { 'ups.status': 'OL', 'ups.delay.shutdown': '20' });
    expect(await run('shutdown.return')).toContain('20 s after the command');
  });

  it('fails when the driver says so, and does not send a command after a delay that was not kept', async () => {
    const failing = await rack({ obey: () => 'ERR FAILED' });
    expect(await failing.run('shutdown.return')).toMatch(/^ups-refused: .*FAILED/);
    const stubborn = await rack({ writable: new Set(['ups.delay.shutdown']) });
    const values = stubborn.model.upses.get('rack')?.variables as Map<string, string>;
    values.set = () => values;
    expect(await stubborn.run('shutdown.return', 90)).toMatch(/^ups-refused: .*did not keep the delay/);
    expect(stubborn.model.told.join()).not.toContain('INSTCMD');
  });

  it('fails when it is not offered', async () => {
    const { run, model } = await rack({});
    expect(await run('shutdown.stayoff')).toMatch(/^ups-refused: It does not take/);
    expect(model.told.join()).not.toContain('INSTCMD');
  });

  it('stops a countdown', async () => {
    const { run } = await rack(
      {
        obey: (_command, values) => {
          values.set('ups.timer.shutdown', '-1');
          return 'SUCCESS';
        },
      },
      { ...variables, 'ups.timer.shutdown': '15' },
    );
    expect(await run('shutdown.stop')).toBe('No countdown runs any more.');
  });

  it('says that nobody knows when the connection ends under it', async () => {
    const { run, talk, model } = await rack({});
    const answer = model.answer.bind(model);
    model.answer = (line) => {
      if (!line.startsWith('INSTCMD')) return answer(line);
      talk.end(noAnswer({ kind: 'nut', address: '10.0.0.5', port: 3493 }, 'It closed the connection.'));
      return [];
    };
    expect(await run('shutdown.return')).toMatch(/^ups-lost: The connection ended before it was clear/);
  });
});
