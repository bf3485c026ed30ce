import { expect } from 'vitest';
import type { CheckContext } from '../../electron/core/ports.ts';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Check } from '../../shared/rehearsal.ts';
import { stepSchema } from '../../shared/sequence.ts';
import type { EsxiState } from '../fakes/esxi/shell.ts';
import { EsxiHost } from '../fakes/esxi-host.ts';
import { LinuxHost, type LinuxHostOptions } from '../fakes/linux-host.ts';
import type { LoopbackHost } from '../fakes/loopback-host.ts';
import { type Bench, bench, byKey, byPassword, clientKey, hostOf } from './targets-kit.ts';

export const closing: Array<() => unknown> = [];
const fakes: LoopbackHost[] = [];

/** To be called after each test: it closes what the test opened. */
export async function nothingWasDone(): Promise<void> {
  // Whatever a test was about: nothing but looks has reached a host, and nothing has happened to it.
  for (const fake of fakes.splice(0)) {
    expect(fake.ssh.log.map(({ text }) => text).filter((text) => !isHarmless(text))).toEqual([]);
    expect(fake.state === 'dying' || fake.state === 'booting').toBe(false);
  }
  for (const close of closing.splice(0)) await close();
}

export const mac = '02:00:00:00:00:07';

export async function linux(more: Partial<LinuxHostOptions> = {}, inventory: Record<string, unknown> = {}) {
  const b = bench(byKey);
  const fake = new LinuxHost({
    name: 'web',
    users: ['root', 'ups'].map((name) => ({ name, publicKeys: [clientKey.publicKey] })),
    after: (ms, call) => b.clock.after(ms, call),
    sudo: ['/usr/bin/systemctl poweroff'],
    mac,
    ...more,
  });
  await fake.powerOn();
  return opened(b, fake, hostOf(fake.ssh, inventory));
}

export async function esxi(state: Partial<EsxiState> = {}, inventory: Record<string, unknown> = {}, users = ['root']) {
  const b = bench(byPassword('right'));
  const fake = new EsxiHost({
    name: 'esxi',
    users: users.map((name) => ({ name, password: 'right' })),
    after: (ms, call) => b.clock.after(ms, call),
    mac,
    state,
  });
  await fake.powerOn();
  return opened(b, fake, hostOf(fake.ssh, { id: 'esxi', name: 'esxi', kind: 'esxi', login: 'password', ...inventory }));
}

function opened<F extends LoopbackHost>(b: Bench, fake: F, host: Host) {
  fakes.push(fake);
  closing.push(
    () => b.pool.close(),
    () => fake.close(),
  );
  const context = (step: object, signal = new AbortController().signal): CheckContext => ({
    step: stepSchema.parse({ id: 'the-step', target: host.id, ...step }),
    host,
    signal,
  });
  const check = (step: object, signal?: AbortSignal): Promise<Check[]> => {
    const asked = context(step, signal);
    return b.meanwhile(b.table[asked.step.kind].check(asked));
  };
  return { b, fake, host, check, context };
}

export const shortly = (checks: readonly Check[]): string[] => checks.map(({ what, verdict }) => `${what}: ${verdict}`);
export const entered = ['reach: ready', 'host-key: ready', 'login: ready'];
export const last = (checks: readonly Check[]): Check => checks.at(-1) as Check;

export const off = { kind: 'power-off' };
