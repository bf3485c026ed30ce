import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { type EsxiVm, esxiVm, times } from '../fakes/esxi/shell.ts';
import { EsxiHost } from '../fakes/esxi-host.ts';
import { bench, byPassword, hostOf } from './targets-kit.ts';

const closing: Array<() => void> = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function esxi(vms: EsxiVm[]) {
  const b = bench(byPassword('right'));
  const fake = new EsxiHost({
    name: 'esxi',
    users: [{ name: 'root', password: 'right' }],
    after: (ms, call) => b.clock.after(ms, call),
    state: { vms },
  });
  await fake.powerOn();
  closing.push(
    () => b.pool.close(),
    () => fake.close(),
  );
  const host = hostOf(fake.ssh, { id: 'esxi', name: 'esxi', kind: 'esxi', login: 'password' });
  const step = (more: object = {}) => b.step({ kind: 'shut-down-guests', target: 'esxi', ...more }, host);
  const sent = (command: string) => fake.ssh.log.filter(({ text }) => text.startsWith(command)).length;
  return { b, step, sent, on: () => fake.esxi.running.map((vm) => vm.name) };
}

const three = () => [esxiVm(1, 'dc'), esxiVm(2, 'web'), esxiVm(3, 'vcenter')];

describe('a choice of guests', () => {
  it.each([
    [{ only: ['web', 'dc'] }, ['vcenter'], ['1', '2']],
    [{ except: ['vcenter'] }, ['vcenter'], ['1', '2']],
    [{ except: ['dc', 'web'] }, ['dc', 'web'], ['3']],
  ])('%j: the others stay on', async (guests, left, ids) => {
    const { b, step, on } = await esxi(three());
    const context = step({ guests });
    const before = await b.meanwhile(b.actions(context).probe(context));
    expect(before).toMatchObject({ state: 'not-done', data: { guests: ids } });
    await b.meanwhile(b.actions(context).act(context));
    expect((await b.prove(context, 60_000)).last).toEqual({
      state: 'done',
      proof: `${ids.length} guest${ids.length > 1 ? 's' : ''} off`,
    });
    expect(on()).toEqual(left);
    expect(b.told).toEqual([]);
  });

  it('with a name that no guest has is done for the others, and told', async () => {
    const { b, step, on } = await esxi(three());
    const context = step({ guests: { only: ['web', 'wbe'] } });
    await b.meanwhile(b.actions(context).act(context));
    expect((await b.prove(context, 60_000)).last.state).toBe('done');
    expect(on()).toEqual(['dc', 'vcenter']);
    expect(b.told).toEqual(['no guest of esxi has the name wbe']);
  });

  it('of none that is on is done already', async () => {
    const { b, step } = await esxi([esxiVm(1, 'dc', { power: 'off' }), esxiVm(2, 'web')]);
    const context = step({ guests: { only: ['dc'] } });
    expect(await b.meanwhile(b.actions(context).probe(context))).toMatchObject({ state: 'done' });
  });
});

describe('a battery that will not last', () => {
  const never = () => [esxiVm(1, 'dc', { shutdownDelayMs: 'never' })];

  it('forces what may be forced at once, and once', async () => {
    const { b, step, sent, on } = await esxi(never());
    b.pressed = true;
    const context = step({ force: true, limit: 300 });
    await b.meanwhile(b.actions(context).act(context));
    const { last, tookMs } = await b.prove(context, 60_000);
    expect([last.state, on(), sent('vim-cmd vmsvc/power.off')]).toEqual(['done', [], 1]);
    expect(tookMs).toBeLessThan(20_000);
  });

  it('forces when it becomes short while the step waits', async () => {
    const { b, step, sent } = await esxi(never());
    const context = step({ force: true, limit: 300 });
    await b.meanwhile(b.actions(context).act(context));
    expect((await b.prove(context, 30_000)).last.state).toBe('not-done');
    expect(sent('vim-cmd vmsvc/power.off')).toBe(0);
    b.pressed = true;
    expect((await b.prove(context, 30_000)).last.state).toBe('done');
    expect(sent('vim-cmd vmsvc/power.off')).toBe(1);
  });

  it('gives what was forced its time before it is forced harder', async () => {
    const { b, step, sent } = await esxi(never());
    const { powerOffMs } = times;
    times.powerOffMs = 8000;
    onTestFinished(() => {
      times.powerOffMs = powerOffMs;
    });
    b.pressed = true;
    const context = step({ force: true, limit: 300 });
    await b.meanwhile(b.actions(context).act(context));
    expect((await b.prove(context, 60_000)).last.state).toBe('done');
    expect([sent('vim-cmd vmsvc/power.off'), sent('esxcli vm process kill')]).toEqual([1, 0]);
  });

  it('forces nothing that may not be forced, and nothing that was left out', async () => {
    const { b, step, on } = await esxi([...never(), esxiVm(2, 'web', { shutdownDelayMs: 'never' })]);
    b.pressed = true;
    const gentle = step({ limit: 300 });
    await b.meanwhile(b.actions(gentle).act(gentle));
    expect((await b.prove(gentle, 60_000)).last.state).toBe('not-done');
    expect(on()).toEqual(['dc', 'web']);
    const some = step({ force: true, limit: 300, guests: { only: ['web'] } });
    await b.meanwhile(b.actions(some).act(some));
    expect((await b.prove(some, 60_000)).last.state).toBe('done');
    expect(on()).toEqual(['dc']);
  });

  it('forces those at once whose time is not over, when one was forced before', async () => {
    const { b, step, on } = await esxi([...never(), esxiVm(2, 'web', { shutdownDelayMs: 'never' })]);
    const context = step({ force: true, limit: 600, guestLimits: [{ guest: 'dc', limit: 30 }] });
    await b.meanwhile(b.actions(context).act(context));
    expect((await b.prove(context, 60_000)).last.state).toBe('not-done');
    expect(on()).toEqual(['web']);
    b.pressed = true;
    expect((await b.prove(context, 30_000)).last.state).toBe('done');
  });
});

describe('guests whose time is over one after the other', () => {
  it('are each forced in the gentlest way first', async () => {
    const never = { shutdownDelayMs: 'never' } as const;
    const { b, step, sent, on } = await esxi([esxiVm(1, 'dc', never), esxiVm(2, 'web', never)]);
    const context = step({ force: true, limit: 300, guestLimits: [{ guest: 'dc', limit: 60 }] });
    await b.meanwhile(b.actions(context).act(context));
    expect((await b.prove(context, 280_000)).last.state).toBe('done');
    expect([on(), sent('vim-cmd vmsvc/power.off'), sent('esxcli vm process kill')]).toEqual([[], 2, 0]);
  });
});
