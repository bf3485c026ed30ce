import { FaultError } from '../../shared/fault.ts';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import type { ParsedInput, RequestName, RequestOutputs } from '../../shared/ipc.ts';
import type { RunView } from '../../shared/run.ts';
import type { SimulationView } from '../../shared/view.ts';
import type { Engine } from '../core/engine.ts';
import type { RehearsalKeeper } from '../core/rehearsal-keeper.ts';
import { type ChannelHandlerDeps, createChannelHandlers } from './channel-handlers.ts';
import { standsElsewhere } from './host-edits.ts';
import type { Publisher } from './publisher.ts';
import { createSupplyHandlers, type SupplyHandlerDeps } from './supply-handlers.ts';
import type { Workspace } from './workspace.ts';

/** One handler for every request: a missing one does not compile. What it throws becomes the answer's fault. */
export type Handlers = {
  [N in RequestName]: (input: ParsedInput<N>) => RequestOutputs[N] | Promise<RequestOutputs[N]>;
};

export interface HandlerDeps extends SupplyHandlerDeps, ChannelHandlerDeps {
  engine: Pick<Engine, 'startByHand' | 'cancel' | 'skip' | 'postpone' | 'durations'> & SupplyHandlerDeps['engine'];
  workspace: Workspace;
  publisher: Pick<Publisher, 'snapshot'>;
  /** @throws FaultError when there is no such run, or its journal cannot be read */
  readRun(runId: string): Promise<RunView>;
  rehearsals: Pick<RehearsalKeeper, 'start' | 'stop' | 'read'>;
  /** @throws FaultError when it takes too long, or a newer question has come */
  simulate(input: ParsedInput<'plan.simulate'>): Promise<SimulationView>;
  /** @throws FaultError when the host does not answer */
  readHostKey(host: Host, of: KeyOwner): Promise<HostKey>;
}

const nothing = () => null;

/** The key that a host showed when it was last asked, and which host that was by then. */
interface Shown {
  key: HostKey;
  host: Host;
}

export function createHandlers(deps: HandlerDeps): Handlers {
  const { engine, workspace, publisher, readRun, readHostKey } = deps;
  const shown = new Map<string, Shown>();
  return {
    snapshot: () => publisher.snapshot(),
    'plan.check': ({ sequence }) => workspace.check(sequence),
    'plan.save': async ({ sequence, baseHash }) => ({ hash: await workspace.savePlan(sequence, baseHash) }),
    'plan.arm': ({ hash }) => workspace.arm(hash).then(nothing),
    'plan.disarm': ({ hash }) => workspace.disarm(hash).then(nothing),
    'run.start': async ({ hash }) => {
      workspace.requireCurrent(hash);
      await engine.startByHand();
      return null;
    },
    'run.cancel': async () => {
      await engine.cancel();
      return null;
    },
    'run.skip': async ({ runId, step }) => {
      await engine.skip(runId, step);
      return null;
    },
    'run.postpone': ({ seconds }) => {
      engine.postpone(seconds);
      return null;
    },
    'run.read': ({ runId }) => readRun(runId),
    'plan.simulate': (input) => deps.simulate(input),
    'rehearsal.start': ({ hash }) => {
      workspace.requireCurrent(hash);
      deps.rehearsals.start('by-hand');
      return null;
    },
    'rehearsal.stop': () => {
      deps.rehearsals.stop();
      return null;
    },
    'rehearsal.read': ({ id }) => deps.rehearsals.read(id),
    'durations.export': () => ({ text: JSON.stringify(engine.durations(), null, 2) }),
    'hosts.save': ({ host }) => workspace.saveHost(host).then(nothing),
    'hosts.remove': ({ id }) => workspace.removeHost(id).then(nothing),
    'hosts.setSecret': ({ id, slot, secret, passphrase }) =>
      (slot === 'login'
        ? workspace.setSecret(id, secret, passphrase)
        : workspace.setHostPassword(id, slot, secret)
      ).then(nothing),
    'hosts.readKey': async ({ id, of }) => {
      const host = workspace.host(id);
      shown.delete(`${of} ${id}`);
      const key = await readHostKey(host, of);
      shown.set(`${of} ${id}`, { key, host });
      return key;
    },
    'hosts.pinKey': ({ id, of, key }) => {
      requireShown(shown.get(`${of} ${id}`), key, workspace.host(id), of);
      return workspace.pinKey(id, key, of).then(nothing);
    },
    ...createSupplyHandlers(deps),
    ...createChannelHandlers(deps),
    'settings.save': (input) => workspace.saveSettings(input).then(nothing),
  };
}

/** A window that names a key of its own must not get it trusted. @throws FaultError `refused` */
function requireShown(shown: Shown | undefined, key: HostKey, host: Host, of: KeyOwner): void {
  const isIt = shown && shown.key.type === key.type && shown.key.fingerprint === key.fingerprint;
  // The same address behind another jump host is another machine.
  if (isIt && !standsElsewhere(shown.host, host, of) && shown.host.jump === host.jump) return;
  throw new FaultError({
    code: 'refused',
    what: 'This is not the key that the host showed when it was last asked.',
    where: host.name,
    remedy: 'Read its key again.',
  });
}
