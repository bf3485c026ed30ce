import type {
  Clock,
  Credential,
  Credentials,
  Notice,
  Probe,
  StepActions,
  StepContext,
} from '../../electron/core/ports.ts';
import type { TargetDeps } from '../../electron/targets/kinds/deps.ts';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { type Look, lookAt } from '../../electron/targets/reach.ts';
import { resolveName } from '../../electron/targets/resolve-name.ts';
import { SoapPool } from '../../electron/targets/soap/pool.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { FaultError } from '../../shared/fault.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { type Step, stepSchema } from '../../shared/sequence.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { noOrders, noPasswords } from '../fakes/no-ups.ts';
import { SshHost, type SshHostOptions } from '../fakes/ssh-host.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';

export const clientKey = newSshKey('client');
export const byKey: Credential = { kind: 'key', privateKey: clientKey.privateKey, passphrase: '' };
export const byPassword = (password: string): Credential => ({ kind: 'password', password });
export const keeping = (credential: Credential): Credentials => ({ for: async () => credential });

/** An SSH peer that answers every command with what `run` gives; root may sign in with the key or with `right`. */
export async function peer(run: SshHostOptions['run'], more: Partial<SshHostOptions> = {}): Promise<SshHost> {
  const users = [{ name: 'root', password: 'right', publicKeys: [clientKey.publicKey] }];
  const host = new SshHost({ name: 'peer', users, run, ...more });
  await host.powerOn();
  return host;
}

/** The inventory's host for a fake that shows its address, port and key. */
export function inventoryHost(
  at: { address: string; port: number; fingerprint: string | null },
  more: Record<string, unknown> = {},
): Host {
  const hostKeys = at.fingerprint === null ? [] : [{ type: 'ssh-ed25519', fingerprint: at.fingerprint }];
  const { address, port } = at;
  return hostSchema.parse({
    id: 'web',
    name: 'web',
    kind: 'linux',
    address,
    port,
    user: 'root',
    login: 'key',
    hostKeys,
    ...more,
  });
}

export const hostOf = (fake: SshHost, more: Record<string, unknown> = {}): Host =>
  inventoryHost({ address: fake.address, port: fake.port, fingerprint: fake.hostKey.fingerprint }, more);

export interface Bench {
  clock: ManualClock;
  pool: SshPool;
  soap: SoapPool;
  deps: TargetDeps;
  table: ReturnType<typeof stepTable>;
  told: string[];
  notices: Notice[];
  /** The looks that a host shows, in turn, the last for ever; unset: real ones. */
  looks: Look[] | null;
  /** The battery will not last. */
  pressed: boolean;
  /** The hosts that keep their power. */
  spared: Host[];
  /** A step about to be run, with its own signal, as the runner makes one. */
  step(
    step: Record<string, unknown>,
    host: Host | null,
    earlier?: StepContext['earlier'],
  ): StepContext & { abort(): void };
  /** Lets the clock run while `work` goes on. */
  meanwhile<T>(work: Promise<T>): Promise<T>;
  /** Looks as the runner does, until done or until `ms` are over. */
  prove(context: StepContext, ms: number): Promise<{ last: Probe; tookMs: number }>;
  actions(context: StepContext): StepActions;
}

export function bench(credential: Credential = byKey, more: Partial<TargetDeps> = {}): Bench {
  const clock = new ManualClock();
  const pool = new SshPool(keeping(credential), clock as Clock);
  const soap = new SoapPool(keeping(credential), clock as Clock);
  const told: string[] = [];
  const notices: Notice[] = [];
  const deps: TargetDeps = {
    clock,
    shell: pool,
    soap,
    notifier: { notify: (notice) => void notices.push(notice) },
    look: (host) => {
      const scripted = self.looks;
      if (!scripted) return lookAt(host);
      return Promise.resolve((scripted.length > 1 ? scripted.shift() : scripted[0]) ?? 'open');
    },
    addresses: { of: resolveName },
    hosts: () => null,
    own: () => null,
    secrets: noPasswords,
    orders: noOrders,
    wakeTo: [],
    ...more,
  };
  const self: Bench = {
    clock,
    pool,
    soap,
    deps,
    table: stepTable(deps),
    told,
    notices,
    looks: null,
    pressed: false,
    spared: [],
    step(step, host, earlier = []) {
      const abort = new AbortController();
      const parsed: Step = stepSchema.parse({ id: 'the-step', ...step });
      const tell = (line: string): void => void told.push(line);
      return {
        step: parsed,
        host,
        earlier,
        signal: abort.signal,
        isCancelled: () => false,
        isPressed: () => self.pressed,
        spared: () => self.spared,
        tell,
        abort: () => abort.abort(),
      };
    },
    async meanwhile(work) {
      let isOver = false;
      const over = (): void => {
        isOver = true;
      };
      const ended = work.then(over, over);
      while (!isOver) {
        // The clock moves on only for work that has stalled: a real connection takes real time, and not much of it.
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 25))]);
        if (!isOver) await clock.advance(1000);
      }
      return work;
    },
    async prove(context, ms) {
      const began = clock.monotonic();
      for (;;) {
        const last = await self.meanwhile(self.actions(context).probe(context));
        const tookMs = clock.monotonic() - began;
        if (last.state === 'done' || tookMs >= ms) return { last, tookMs };
        await clock.advance(self.actions(context).proveEvery);
      }
    },
    actions: (context) => self.table[context.step.kind],
  };
  return self;
}

/** The fault that `work` ends with. */
export async function faultOf(work: Promise<unknown>): Promise<FaultError['fault']> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('it did not fail');
}
