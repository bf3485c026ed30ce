import { assertNever } from '../../../shared/assert-never.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Check } from '../../../shared/rehearsal.ts';
import type { CheckContext } from '../../core/ports.ts';
import { isInMaintenance } from '../esxi/maintenance.ts';
import { stepOf, targetOf } from '../kinds/deps.ts';
import { commandOf } from '../kinds/power-off-linux.ts';
import { looked } from './check.ts';
import { guestsAndTools, runningGuests } from './guests.ts';
import { type HostLooks, isIn } from './host-looks.ts';
import { isItsMac } from './macs.ts';
import type { Neighbours } from './neighbours.ts';
import { mayManage, mayPowerOff, mayRun } from './privilege.ts';

/** What each step kind with a target looks at in a rehearsal. None of it rejects, and none of it changes anything. */
export class KindChecks {
  readonly #looks: HostLooks;
  readonly #neighbours: Neighbours;

  constructor(looks: HostLooks, neighbours: Neighbours) {
    this.#looks = looks;
    this.#neighbours = neighbours;
  }

  powerOff(context: CheckContext): Promise<Check[]> {
    return this.#inside(context, (host) => {
      switch (host.kind) {
        case 'linux':
          return [this.#one(context, 'privilege', () => mayPowerOff(this.#looks, context, host, commandOf(host)))];
        case 'esxi':
          // It is never powered off without having told whether guests run.
          return [this.#mayEnter(context, host), this.#tellsGuests(context, host)];
        default:
          return assertNever(host, 'host kind');
      }
    });
  }

  shutDownGuests(context: CheckContext): Promise<Check[]> {
    const step = stepOf(context, 'shut-down-guests');
    return this.#inside(context, (host) => [
      this.#manages(context, host),
      guestsAndTools(this.#looks, context, host, step),
    ]);
  }

  maintenance(context: CheckContext): Promise<Check[]> {
    return this.#inside(context, (host) => [this.#mayEnter(context, host)]);
  }

  startGuests(context: CheckContext): Promise<Check[]> {
    return this.#inside(context, (host) => [this.#manages(context, host), this.#tellsGuests(context, host)]);
  }

  command(context: CheckContext): Promise<Check[]> {
    const { command } = stepOf(context, 'command');
    return this.#inside(context, (host) => [
      this.#one(context, 'privilege', () => mayRun(this.#looks, context, host, command)),
    ]);
  }

  /** Waking needs no login: one that is refused only makes it harder to see whose MAC it is. */
  wake(context: CheckContext): Promise<Check[]> {
    return this.#aimed(context, async (host) => [
      await this.#looks.reach(context, host),
      await this.#one(context, 'mac', () => isItsMac(this.#looks, this.#neighbours, context, host)),
    ]);
  }

  #manages(context: CheckContext, host: Host): Promise<Check> {
    return this.#one(context, 'privilege', () => mayManage(this.#looks, context, host));
  }

  /** It has the right, and the host tells its maintenance mode, without which nothing that needs it is proven. */
  #mayEnter(context: CheckContext, host: Host): Promise<Check> {
    return this.#one(context, 'privilege', async () => {
      const isInside = await isInMaintenance(this.#looks.esxi(context, host), host);
      return `${await mayManage(this.#looks, context, host)}; maintenance mode is ${isInside ? 'on' : 'off'}`;
    });
  }

  #tellsGuests(context: CheckContext, host: Host): Promise<Check> {
    return this.#one(context, 'guests', () => runningGuests(this.#looks, context, host));
  }

  #one(context: CheckContext, what: Check['what'], look: () => Promise<string>): Promise<Check> {
    return looked(this.#looks.clock, context, what, look);
  }

  /** Signs in first; what needs a login is looked at only behind one. */
  #inside(
    context: CheckContext,
    looks: (host: Host) => readonly (Promise<Check> | Promise<Check[]>)[],
  ): Promise<Check[]> {
    return this.#aimed(context, async (host) => {
      const entered = await this.#looks.enter(context, host);
      return isIn(entered) ? [...entered, ...(await Promise.all(looks(host))).flat()] : entered;
    });
  }

  /** A step that is aimed at nothing, or at a host that it does not fit, is told as not reached. */
  async #aimed(context: CheckContext, looks: (host: Host) => Promise<Check[]>): Promise<Check[]> {
    let host: Host | null = null;
    const aimed = await this.#one(context, 'reach', async () => {
      host = targetOf(context);
      return '';
    });
    return host === null ? [aimed] : looks(host);
  }
}
