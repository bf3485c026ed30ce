import type { Host } from '../../../shared/inventory.ts';
import type { Setting } from '../../../shared/platforms.ts';
import type { Check } from '../../../shared/rehearsal.ts';
import type { CheckContext, HostPasswords } from '../../core/ports.ts';
import { hasBmc, powerSeen } from '../bmc/switch-on.ts';
import { chosen } from '../kinds/chosen-guests.ts';
import { stepOf, targetOf } from '../kinds/deps.ts';
import { seenRunning } from '../platforms/guest-words.ts';
import { guestsOf, powerOffOf, settingOf } from '../platforms/of-host.ts';
import type { Session } from '../platforms/session.ts';
import { guestsToMove, mayMigrate } from '../vmware/migration.ts';
import { looked } from './check.ts';
import { guestsAndAgents } from './guests.ts';
import { type HostLooks, isIn } from './host-looks.ts';
import { isItsMac } from './macs.ts';
import type { Neighbours } from './neighbours.ts';
import { mayProve, mayRun } from './privilege.ts';

/** What each step kind with a target looks at in a rehearsal. None of it rejects, and none of it changes anything. */
export class KindChecks {
  readonly #looks: HostLooks;
  readonly #neighbours: Neighbours;
  readonly #secrets: HostPasswords;

  constructor(looks: HostLooks, neighbours: Neighbours, secrets: HostPasswords) {
    this.#looks = looks;
    this.#secrets = secrets;
    this.#neighbours = neighbours;
  }

  powerOff(context: CheckContext): Promise<Check[]> {
    return this.#inside(context, (session) =>
      powerOffOf(session.host)
        .looks(session)
        .map(({ what, see }) => this.#one(context, what, see)),
    );
  }

  shutDownGuests(context: CheckContext): Promise<Check[]> {
    const step = stepOf(context, 'shut-down-guests');
    return this.#inside(context, (session) => {
      const acts = guestsOf(session.host);
      return [
        this.#one(context, 'privilege', () => acts.mayManage(session, step)),
        guestsAndAgents(this.#looks.clock, context, session, acts, step),
      ];
    });
  }

  setting(context: CheckContext, name: Setting, on: boolean): Promise<Check[]> {
    return this.#inside(context, (session) => [
      this.#one(context, 'privilege', () => settingOf(session.host, name).maySet(session, on, context.step)),
    ]);
  }

  startGuests(context: CheckContext): Promise<Check[]> {
    const { guests } = stepOf(context, 'start-guests');
    return this.#inside(context, (session) => {
      const acts = guestsOf(session.host);
      const running = async () => acts.running?.(session) ?? (await acts.list(session)).filter(({ on }) => on);
      return [
        this.#one(context, 'privilege', () => acts.mayManage(session, context.step)),
        this.#one(context, 'guests', async () => seenRunning(chosen(guests, await running()))),
      ];
    });
  }

  /** The user may move its guests, and which they are. */
  migrateGuests(context: CheckContext): Promise<Check[]> {
    return this.#inside(context, (session) => [
      this.#one(context, 'privilege', () => mayMigrate(session)),
      this.#one(context, 'guests', async () => seenRunning(await guestsToMove(session))),
    ]);
  }

  /** The user may do there whatever is done, and `see` does not speak against it. */
  manages(context: CheckContext, see: (session: Session) => Promise<string>): Promise<Check[]> {
    return this.#inside(context, (session) => [
      this.#one(
        context,
        'privilege',
        async () => `${await guestsOf(session.host).mayManage(session, context.step)}; ${await see(session)}`,
      ),
    ]);
  }

  command(context: CheckContext): Promise<Check[]> {
    const { command, proof } = stepOf(context, 'command');
    return this.#inside(context, (session) => [
      this.#one(context, 'privilege', () => mayRun(session, command)),
      ...(proof === undefined ? [] : [this.#one(context, 'privilege', () => mayProve(session, proof))]),
    ]);
  }

  /** Waking needs no login: one that is refused only makes it harder to see whose MAC it is. */
  wake(context: CheckContext): Promise<Check[]> {
    return this.#aimed(context, async (host) => [
      await this.#looks.reach(context, host),
      ...(hasBmc(host) ? [await this.#one(context, 'mac', () => powerSeen(host, this.#secrets, context.signal))] : []),
      ...(hasBmc(host) && host.macs.length === 0
        ? []
        : [await this.#one(context, 'mac', () => isItsMac(this.#looks, this.#neighbours, context, host))]),
    ]);
  }

  #one(context: CheckContext, what: Check['what'], look: () => Promise<string>): Promise<Check> {
    return looked(this.#looks.clock, context, what, look);
  }

  /** Signs in first; what needs a login is looked at only behind one. */
  #inside(
    context: CheckContext,
    looks: (session: Session) => readonly (Promise<Check> | Promise<Check[]>)[],
  ): Promise<Check[]> {
    return this.#aimed(context, async (host) => {
      const entered = await this.#looks.enter(context, host);
      if (!isIn(entered)) return entered;
      return [...entered, ...(await Promise.all(looks(this.#looks.session(context, host)))).flat()];
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
