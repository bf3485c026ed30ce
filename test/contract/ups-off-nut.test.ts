import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import type { UpsOrders } from '../../electron/core/ports.ts';
import { upsOff } from '../../electron/targets/kinds/ups-off.ts';
import { nutUpsId } from '../../electron/ups/nut/identity.ts';
import { NutSource } from '../../electron/ups/nut/nut-source.ts';
import { FaultError } from '../../shared/fault.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { type ModelUps, UpsdModel } from '../fakes/nut/model.ts';
import { bench } from './targets-kit.ts';
import { ordersOver, turningOff, upsOffStep } from './ups-off-kit.ts';

// The step that turns off a UPS of a NUT server, over TCP. Debian's dummy-ups knows no shutdown commands, so what
// answers is a small upsd that speaks the same protocol.

const closing: Array<() => Promise<void> | void> = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const onMains = { 'ups.status': 'OL', 'battery.charge': '100', 'battery.runtime': '1800' };
const commands = new Set(['shutdown.return', 'shutdown.stayoff', 'shutdown.stop']);

async function upsdWith(variables: Record<string, string>, more: Partial<ModelUps> = {}) {
  const model = new UpsdModel();
  const ups = model.add('rack', { ...onMains, ...variables }, { commands, obey: counting, ...more });
  /** It takes the next command, and its connections end before it has answered. */
  const state = { dropsAnswer: false };
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = model.answer(line);
        if (state.dropsAnswer && line.startsWith('INSTCMD')) for (const each of sockets) each.destroy();
        else socket.write(answer.map((each) => `${each}\n`).join(''));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const at: NutServer = { id: 'nut', kind: 'nut', address: '127.0.0.1', port, user: 'mon', certificate: null };
  const source = new NutSource(at, { clock: systemClock, password: async () => 'x', changed: () => undefined });
  closing.push(
    async () => source.stop(),
    () => {
      for (const each of sockets) each.destroy();
      server.close();
    },
  );
  const id = nutUpsId(at, 'rack');
  const orders = await ordersOver(source, id);
  const instcmds = () => model.told.filter((line) => line.startsWith('INSTCMD'));
  return { model, ups, state, orders, id, actions: turningOff(orders), instcmds };
}

/** As a driver does it that shows its countdown, of all of the UPS or of one group of its outlets. */
function counting(command: string, variables: Map<string, string>): string {
  const group = /^outlet\.group\.\d+\./.exec(command)?.[0];
  const of = group ?? 'ups.';
  if (!variables.has(`${of}timer.shutdown`)) return 'SUCCESS';
  const stops = command.endsWith('shutdown.stop');
  variables.set(`${of}timer.shutdown`, stops ? '-1' : (variables.get(`${of}delay.shutdown`) ?? '20'));
  return 'SUCCESS';
}

const shows = { 'ups.timer.shutdown': '-1', 'ups.delay.shutdown': '20' };
const settable = { writable: new Set(['ups.delay.shutdown']) };

describe('turning off a UPS of a NUT server', { timeout: 30_000 }, () => {
  it('sets the delay, is proven by its countdown, and called off again', async () => {
    const { ups, orders, id, actions, instcmds } = await upsdWith(shows, settable);
    const step = upsOffStep(id, { delay: 120 });
    expect(await actions.probe(step)).toEqual({ state: 'not-done', seen: 'no countdown runs' });
    await actions.act(step);
    expect(ups.variables.get('ups.delay.shutdown')).toBe('120');
    expect(instcmds()).toEqual(['INSTCMD rack shutdown.return']);
    expect(await actions.probe(step)).toMatchObject({ state: 'done' });
    await actions.undo?.(step.step);
    expect(await orders.countdown(id)).toEqual({ state: 'none' });
    expect(await actions.undo?.(step.step)).toBe('Rack counts nothing down');
    expect(instcmds()).toEqual(['INSTCMD rack shutdown.return', 'INSTCMD rack shutdown.stop']);
  });

  it('is called off also while the server shows no countdown: it may not have looked since', async () => {
    const { ups, id, actions, instcmds } = await upsdWith(shows, settable);
    const step = upsOffStep(id, { delay: 120 });
    await actions.act(step);
    ups.variables.set('ups.timer.shutdown', '-1');
    await actions.undo?.(step.step);
    expect(instcmds().at(-1)).toBe('INSTCMD rack shutdown.stop');
  });

  it('counts nothing down if it shows so, and takes no stop', async () => {
    const { id, actions } = await upsdWith(shows, { commands: new Set(['shutdown.return']) });
    expect(await actions.undo?.(upsOffStep(id).step)).toBe('Rack counts nothing down');
  });

  it('is refused by one whose delay is fixed and shorter, and nothing is sent', async () => {
    const { id, actions, instcmds } = await upsdWith(shows);
    const step = upsOffStep(id, { delay: 120 });
    await expect(actions.act(step)).rejects.toMatchObject({
      fault: { code: 'refused', what: 'it cannot wait for 2 min before it turns off' },
    });
    expect(instcmds()).toEqual([]);
    // Twenty seconds it keeps.
    await actions.act(upsOffStep(id, { delay: 20 }));
    expect(instcmds()).toEqual(['INSTCMD rack shutdown.return']);
  });

  it('is refused by one that does not say after how long it turns off, or takes no such command', async () => {
    const silent = await upsdWith({});
    await expect(silent.actions.act(upsOffStep(silent.id))).rejects.toMatchObject({ fault: { code: 'refused' } });
    expect(silent.instcmds()).toEqual([]);
    const other = await upsdWith(shows, { ...settable, commands: new Set(['shutdown.stayoff']) });
    await expect(other.actions.act(upsOffStep(other.id))).rejects.toMatchObject({ fault: { code: 'ups-refused' } });
    expect(other.instcmds()).toEqual([]);
  });

  it('one outlet group alone is refused where the driver knows none, and nothing is sent', async () => {
    const { id, actions, model } = await upsdWith(shows, settable);
    await expect(actions.act(upsOffStep(id, { outlet: 1 }))).rejects.toMatchObject({
      fault: { code: 'refused', what: 'nothing is known that turns off its outlets of group 1 alone' },
    });
    expect(model.told.filter((line) => /^(INSTCMD|SET VAR)/.test(line))).toEqual([]);
  });

  it('whose answer is lost is found by its countdown when the server is back', async () => {
    const { state, id, actions, instcmds } = await upsdWith(shows, settable);
    const step = upsOffStep(id);
    state.dropsAnswer = true;
    expect(await actions.act(step)).toMatchObject({ sentence: expect.stringContaining('turn') });
    expect(await actions.probe(step)).toMatchObject({ state: 'done' });
    expect(instcmds()).toHaveLength(1);
  });
});

/**
 * As apc_modbus tells of a Smart-UPS with two switched groups. It knows no stop, for a group or all of it.
 * @see https://github.com/networkupstools/nut/blob/master/drivers/apc_modbus.c
 */
const group = (n: number): Record<string, string> => ({
  [`outlet.group.${n}.name`]: `Outlet Group ${n}`,
  [`outlet.group.${n}.delay.shutdown`]: '360',
  [`outlet.group.${n}.timer.shutdown`]: 'NotActive',
  [`outlet.group.${n}.status`]: 'on',
});
const smartUps = { ...shows, 'ups.timer.shutdown': 'NotActive', ...group(1), ...group(2) };
const ofGroup = (n: number, ...names: string[]) => names.map((name) => `outlet.group.${n}.${name}`);
const groupCommands = new Set([
  'shutdown.return',
  'shutdown.stayoff',
  ...ofGroup(1, 'load.off', 'shutdown.return', 'shutdown.stayoff'),
  ...ofGroup(2, 'load.off', 'shutdown.return', 'shutdown.stayoff'),
]);

describe('turning off one group of outlets of a UPS of a NUT server', { timeout: 30_000 }, () => {
  const settableGroup = { commands: groupCommands, writable: new Set(['outlet.group.2.delay.shutdown']) };

  it('sets the delay of that group alone, and is proven by its own countdown', async () => {
    const { ups, orders, id, actions, instcmds } = await upsdWith(smartUps, settableGroup);
    const step = upsOffStep(id, { outlet: 2, delay: 120 });
    expect(await actions.probe(step)).toEqual({ state: 'not-done', seen: 'no countdown runs' });
    expect(await actions.act(step)).toMatchObject({
      ups: 'Rack (outlet group 2)',
      sentence: 'It switches its outlets of group 2 off in 120 s, on again when the mains are back.',
      delay: 120,
    });
    expect(instcmds()).toEqual(['INSTCMD rack outlet.group.2.shutdown.return']);
    const told = ['ups', 'outlet.group.1', 'outlet.group.2'].map((of) => [
      ups.variables.get(`${of}.delay.shutdown`),
      ups.variables.get(`${of}.timer.shutdown`),
    ]);
    expect(told).toEqual([
      ['20', 'NotActive'],
      ['360', 'NotActive'],
      ['120', '120'],
    ]);
    expect(await actions.probe(step)).toMatchObject({ state: 'done', proof: 'it turns off in 2 min' });
    expect([await orders.countdown(id), await orders.countdown(id, 1)]).toEqual([{ state: 'none' }, { state: 'none' }]);
    expect(await actions.probe(upsOffStep(id, { outlet: 1 }))).toMatchObject({ state: 'not-done' });
    expect(await actions.probe(upsOffStep(id))).toMatchObject({ state: 'not-done' });
  });

  it('is proven when the group says that it is off', async () => {
    const { ups, id, actions } = await upsdWith(smartUps, settableGroup);
    const step = upsOffStep(id, { outlet: 2 });
    ups.variables.set('outlet.group.2.timer.shutdown', 'CountdownExpired').set('outlet.group.2.status', 'off');
    expect(await actions.probe(step)).toEqual({ state: 'done', proof: 'its outlets are off' });
    expect(await actions.probe(upsOffStep(id, { outlet: 1 }))).toMatchObject({ state: 'not-done' });
  });

  it('is refused when its delay is fixed and shorter, and nothing is sent', async () => {
    const { id, actions, model } = await upsdWith(smartUps, { commands: groupCommands });
    await expect(actions.act(upsOffStep(id, { outlet: 1, delay: 400 }))).rejects.toMatchObject({
      fault: { code: 'refused', what: 'it cannot wait for 6 min 40 s before it turns off' },
    });
    expect(model.told.filter((line) => /^(INSTCMD|SET VAR)/.test(line))).toEqual([]);
  });

  it('keeps a fixed delay without setting it', async () => {
    const { id, actions, model } = await upsdWith(smartUps, { commands: groupCommands });
    expect(await actions.act(upsOffStep(id, { outlet: 1, delay: 300 }))).toMatchObject({ delay: 360 });
    expect(model.told.filter((line) => /^(INSTCMD|SET VAR)/.test(line))).toEqual([
      'INSTCMD rack outlet.group.1.shutdown.return',
    ]);
  });

  it('cannot be called off where the driver knows no stop for it: nothing else is stopped instead', async () => {
    const whole = new Set([...groupCommands, 'shutdown.stop']);
    const { id, actions, instcmds } = await upsdWith(smartUps, { commands: whole });
    const step = upsOffStep(id, { outlet: 2, delay: 300, returns: false });
    await actions.act(step);
    await expect(actions.undo?.(step.step)).rejects.toMatchObject({
      fault: { code: 'refused', what: 'it does not take the command "shutdown.stop"' },
    });
    expect(instcmds()).toEqual(['INSTCMD rack outlet.group.2.shutdown.stayoff']);
  });

  it('is called off by its own stop where the driver has one', async () => {
    const stoppable = new Set([...groupCommands, ...ofGroup(2, 'shutdown.stop')]);
    const { orders, id, actions, instcmds } = await upsdWith(smartUps, { commands: stoppable });
    const step = upsOffStep(id, { outlet: 2, delay: 300 });
    await actions.act(step);
    await actions.undo?.(step.step);
    expect(await orders.countdown(id, 2)).toEqual({ state: 'none' });
    expect(instcmds().at(-1)).toBe('INSTCMD rack outlet.group.2.shutdown.stop');
  });

  it('whose answer is lost is found by its countdown, and not sent again', async () => {
    const { state, id, actions, instcmds } = await upsdWith(smartUps, { commands: groupCommands });
    const step = upsOffStep(id, { outlet: 2, delay: 300 });
    state.dropsAnswer = true;
    expect(await actions.act(step)).toMatchObject({ sentence: 'it turns off in 6 min' });
    expect(await actions.probe(step)).toMatchObject({ state: 'done' });
    expect(instcmds()).toHaveLength(1);
  });
});

describe('a UPS that shows no countdown', () => {
  const hidden = (give: () => Promise<string>): { orders: UpsOrders; given: string[] } => {
    const given: string[] = [];
    const delay = { kind: 'steps', min: 0, max: 600, step: 1, round: 'down' } as const;
    const offers = [{ command: 'shutdown.return', delay, note: '' } as const];
    return {
      given,
      orders: {
        find: () => ({ name: 'Rack', allowed: true, offers, outletGroups: [{ number: 2, name: '', offers }] }),
        countdown: async () => ({ state: 'not-told' }),
        give: async (_id, { command }) => {
          given.push(command);
          return give();
        },
      },
    };
  };

  it('is believed, though not at once', async () => {
    const { orders, given } = hidden(async () => 'Switches its outlets off');
    const { clock, deps } = bench();
    const actions = upsOff({ ...deps, orders });
    const step = upsOffStep('x');
    await actions.act(step);
    expect(await actions.probe(step)).toMatchObject({ state: 'not-done' });
    await clock.advance(20_000);
    expect(await actions.probe(step)).toEqual({
      state: 'done',
      proof: 'it took the command, and shows no countdown: Switches its outlets off',
    });
    expect(given).toEqual(['shutdown.return']);
  });

  it('is not believed of one group of its outlets, however long it is waited for', async () => {
    const { orders, given } = hidden(async () => 'The server took shutdown.return');
    const { clock, deps } = bench();
    const actions = upsOff({ ...deps, orders });
    const step = upsOffStep('x', { outlet: 2 });
    await actions.act(step);
    await clock.advance(600_000);
    const resumed = { ...upsOffStep('x', { outlet: 2 }), earlier: [{ step: step.step, data: { sentence: 'It did' } }] };
    for (const each of [step, resumed])
      expect(await actions.probe(each)).toEqual({
        state: 'not-done',
        seen: 'it took the command, and no countdown of that group runs',
      });
    expect(given).toEqual(['shutdown.return']);
  });

  it('is believed after a restart of Glidepath by what the journal says it took', async () => {
    const { orders } = hidden(() => expect.unreachable());
    const { clock, deps } = bench();
    const actions = upsOff({ ...deps, orders });
    const fresh = upsOffStep('x');
    const resumed = { ...fresh, earlier: [{ step: fresh.step, data: { sentence: 'Switches its outlets off' } }] };
    expect(await actions.probe(resumed)).toMatchObject({ state: 'not-done' });
    await clock.advance(20_000);
    expect(await actions.probe(resumed)).toMatchObject({ state: 'done' });
  });

  it('is in doubt when nobody knows whether it was told: the runner then sends nothing', async () => {
    const { orders } = hidden(() => expect.unreachable());
    const actions = upsOff({ ...bench().deps, orders });
    expect(await actions.probe(upsOffStep('x'))).toMatchObject({ state: 'unknown', fault: { code: 'state-unknown' } });
  });

  it('that was lost with its answer, and stays lost, fails as what it is', async () => {
    const lost = new FaultError({ code: 'ups-lost', what: 'gone', where: 'Rack', remedy: 'none' });
    const { orders, given } = hidden(() => Promise.reject(lost));
    const b = bench();
    const actions = upsOff({ ...b.deps, orders });
    await expect(b.meanwhile(actions.act(upsOffStep('x')))).rejects.toBe(lost);
    expect(given).toHaveLength(1);
  });
});
