import type { Warmer } from '../../electron/core/ports.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { World } from './world.ts';

/** Signs in to the hosts of a world that are on. */
export class WorldWarmer implements Warmer {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  warm({ id }: Host): Promise<void> {
    const { power, trouble } = this.#world.host(id);
    if (power === 'on' && trouble !== 'unreachable' && trouble !== 'severed') return Promise.resolve();
    const fault = { code: 'unreachable', what: 'no route to host', where: id, remedy: 'Look at it.' } as const;
    return Promise.reject(new FaultError(fault));
  }

  onLost(): () => void {
    return () => undefined;
  }

  runBegins(): void {}

  release(): void {
    // Nothing is held.
  }
}
