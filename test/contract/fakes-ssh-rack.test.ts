import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt } from '../../electron/targets/reach.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import type { Host } from '../../shared/inventory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import type { RackMachine } from '../fakes/ssh-rack/plan.ts';
import { SshRack } from '../fakes/ssh-rack/rack.ts';
import { inventoryHost, keeping } from './targets-kit.ts';

describe.skipIf(process.getuid?.() !== 0)('a rack of many machines', () => {
  let rack: SshRack;
  let pool: SshPool;
  const never = new AbortController().signal;

  beforeAll(async () => {
    rack = await SshRack.up({ hosts: 4, stages: 2, dieMs: 200, jitterMs: 100 });
    const { privateKey } = rack.client;
    pool = new SshPool(keeping({ kind: 'key', privateKey, passphrase: '' }), new ManualClock());
  });

  afterAll(async () => {
    pool.close();
    await rack.down();
  });

  const at = (index: number): RackMachine => rack.machines[index] as RackMachine;
  const hostOf = (machine: RackMachine): Host =>
    inventoryHost({ ...machine, fingerprint: rack.fingerprintOf(machine) }, { id: machine.name });
  const run = (machine: RackMachine, command: string) =>
    pool.run(hostOf(machine), command, { limitMs: 10_000, signal: never });
  const recordOf = async ({ name }: RackMachine) => (await rack.events()).find((record) => record.name === name);

  it('is limited by the slowest machine of each stage', () => {
    const slowest = [1, 2].map((stage) => {
      return Math.max(...rack.machines.filter((one) => one.stage === stage).map(({ timeToDie }) => timeToDie));
    });
    expect(rack.physicalLimitMs).toBe((slowest[0] ?? 0) + (slowest[1] ?? 0));
  });

  it('lets a machine die its time after the command, and no other', async () => {
    expect((await run(at(0), 'systemctl poweroff')).code).toBe(0);
    expect(await lookAt(at(0))).toBe('open');
    await expect.poll(() => lookAt(at(0)), { timeout: 5000 }).toBe('closed');
    const { commandedAt, offAt } = (await recordOf(at(0))) ?? { commandedAt: [], offAt: null };
    expect(commandedAt).toHaveLength(1);
    expect((offAt ?? 0) - (commandedAt[0] ?? 0)).toBeGreaterThanOrEqual(at(0).timeToDie);
    expect([await lookAt(at(1)), (await recordOf(at(1)))?.offAt]).toEqual(['open', null]);
  });

  it('takes a power command by its absolute path for the same, and halts nothing real', async () => {
    expect((await run(at(1), '/usr/sbin/shutdown -h now || shutdown -h now')).code).toBe(0);
    await expect.poll(() => lookAt(at(1)), { timeout: 5000 }).toBe('closed');
    expect((await recordOf(at(1)))?.commandedAt).toHaveLength(1);
  });

  it('wakes with machines to which nothing was said', async () => {
    await rack.wake();
    expect(await Promise.all(rack.machines.map(lookAt))).toEqual(Array(4).fill('open'));
    const nothing = rack.machines.map(({ name }) => ({ name, commandedAt: [], offAt: null }));
    expect(await rack.events()).toEqual(nothing);
  });
});
