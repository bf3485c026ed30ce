import { expect } from 'vitest';
import type { StepContext } from '../../electron/core/ports.ts';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import type { Check } from '../../shared/rehearsal.ts';
import { WindowsHost, type WindowsHostOptions } from '../fakes/windows/host.ts';
import type { WindowsState } from '../fakes/windows/state.ts';
import { bench, byKey, clientKey, hostOf } from './targets-kit.ts';

export const closing: Array<() => unknown> = [];

export const users = ['Administrator', 'ups'];

export const entered = ['reach: ready', 'host-key: ready', 'login: ready'];

/** What a script does, for reading: the text between the parts that every script has. */
export function scriptIn(command: string): string {
  const [, encoded] = / -EncodedCommand (\S+)$/.exec(command) ?? [];
  if (encoded === undefined) return command;
  const text = Buffer.from(encoded, 'base64').toString('utf16le');
  return /try\{\$r=&\{([\s\S]*)\};\$w='ok'\}/.exec(text)?.[1] ?? expect.fail(text);
}

/** A Windows host that is on, with all that a step or a rehearsal needs. */
export async function windows(
  kind: 'windows' | 'hyper-v',
  state: Partial<WindowsState> = {},
  more: { host?: Record<string, unknown>; fake?: Partial<WindowsHostOptions> } = {},
) {
  const b = bench(byKey);
  const fake = new WindowsHost({
    name: 'hv01',
    users: users.map((name) => ({ name, publicKeys: [clientKey.publicKey] })),
    after: (ms, call) => b.clock.after(ms, call),
    state,
    ...more.fake,
  });
  await fake.powerOn();
  closing.push(
    () => b.pool.close(),
    () => fake.close(),
  );
  const host = hostOf(fake.ssh, { id: 'hv', name: 'hv', kind, user: 'Administrator', ...more.host });
  const step = (one: Record<string, unknown>, earlier?: StepContext['earlier']) =>
    b.step({ target: 'hv', ...one }, host, earlier);
  const sent = () => fake.ssh.log.map(({ text }) => scriptIn(text));
  return {
    b,
    fake,
    host,
    step,
    sent,
    /** Those that are no looks. */
    done: () =>
      fake.ssh.log
        .map(({ text }) => text)
        .filter((text) => !isHarmless(text))
        .map(scriptIn),
    act: (context: StepContext) => b.meanwhile(b.actions(context).act(context)),
    probe: (context: StepContext) => b.meanwhile(b.actions(context).probe(context)),
    async check(one: Record<string, unknown>): Promise<Check[]> {
      const context = step(one);
      return b.meanwhile(b.actions(context).check(context));
    },
  };
}

export const shortly = (checks: readonly Check[]): string[] => checks.map(({ what, verdict }) => `${what}: ${verdict}`);
