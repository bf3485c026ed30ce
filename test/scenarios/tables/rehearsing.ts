import { rehearsalsOf } from '../../../electron/brain/rehearsals.ts';
import type { RehearsalKeeper } from '../../../electron/core/rehearsal-keeper.ts';
import { temporaryFolder } from '../../fakes/temp-folder.ts';
import type { Room } from './room.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What rehearses the plan of a room, with the rule that the app has. */
export async function rehearsalsIn({ bench, rack }: Room): Promise<RehearsalKeeper> {
  const { sequence, hosts } = rack;
  const dataFolder = await temporaryFolder();
  const shownHosts = hosts.map((host) => ({ host, hasSecret: true }));
  const checked = bench.engine.check({ sequence, hosts, secretIds: new Set(), others: [] });
  return rehearsalsOf({
    dataFolder,
    clock: bench.clock,
    notifier: { notify: () => undefined },
    steps: bench.world.steps,
    log: quiet,
    engine: bench.engine,
    workspace: {
      plan: () => ({ sequence, hash: 'h', armed: true, checked, refused: [] }),
      hosts: () => ({ hosts: shownHosts, keychainIsStrong: true, refused: null }),
      settings: () => ({ startAtLogin: false, theme: 'system', rehearse: 'never', version: '0', dataFolder }),
    },
    changed: () => undefined,
  });
}
