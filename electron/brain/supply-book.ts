import { type Fault, FaultError } from '../../shared/fault.ts';
import { emptySupplies, type KnownSupply, type SuppliesFile, type UpsServer } from '../../shared/supplies.ts';
import type { PowerView, RefusedFile, SuppliesView } from '../../shared/view.ts';
import type { Secrets } from '../storage/secrets.ts';
import { suppliesFile } from '../storage/supplies-file.ts';
import { type Move, mostServers, needsNewPassword, suppliesHash, withMet, withMovedServer } from './supply-edits.ts';
import { Turns } from './turns.ts';
import { attempt } from './user-files.ts';

export interface SupplyBookDeps {
  dataFolder: string;
  secrets: Pick<Secrets, 'serverIds' | 'setPassword' | 'removePassword'>;
  /** What keeps each server from being read, by its id. */
  faults(): ReadonlyMap<string, Fault>;
  /** UPSes go by other ids now: the hosts that they feed must be told before they are known under their new ids. */
  moved(moves: readonly Move[]): Promise<void>;
  /** What tells of the power was changed through Glidepath, from what has the one hash to what has the other. */
  rebound(before: string, after: string): Promise<void>;
  /** Another password is kept for this server: a connection that stands was made without it. */
  passwordChanged(serverId: string): void;
  /** The file or the passwords are others than before, or were read again. */
  changed(): void;
}

/** The UPS servers and the UPSes of the rack, as the file holds them. Whatever changes it takes its turn. */
export class SupplyBook {
  readonly #deps: SupplyBookDeps;
  readonly #file: ReturnType<typeof suppliesFile>;
  readonly #turns = new Turns();
  #contents: SuppliesFile = emptySupplies;
  #secretIds: ReadonlySet<string> = new Set();
  #refused: RefusedFile | null = null;
  #wasRead = false;
  /** UPSes that were tried to be taken in since the file was read: one that is broken is not tried every second. */
  #tried = new Set<string>();

  constructor(deps: SupplyBookDeps) {
    this.#deps = deps;
    this.#file = suppliesFile(deps.dataFolder);
  }

  /** Reads the file, at the start and whenever it was changed from outside. */
  load(): Promise<void> {
    return this.#turns.take(() => this.#load());
  }

  get servers(): readonly UpsServer[] {
    return this.#contents.servers;
  }

  /** Of what tells of the power; null: the file could not be read yet. */
  get hash(): string | null {
    return this.#wasRead ? suppliesHash(this.#contents) : null;
  }

  get known(): readonly KnownSupply[] {
    return this.#contents.supplies;
  }

  view(): SuppliesView {
    const faults = this.#deps.faults();
    return {
      servers: this.servers.map((server) => ({
        server,
        hasSecret: this.#secretIds.has(server.id),
        fault: faults.get(server.id) ?? null,
      })),
      known: [...this.known],
      refused: this.#refused,
    };
  }

  /**
   * Adds or replaces it; forgets its password when that was meant for another user or place. Its UPSes go with it to its
   * new place, and the hosts that they feed with them. @throws FaultError `refused`
   */
  saveServer(server: UpsServer): Promise<void> {
    return this.#turns.take(async () => {
      const old = this.servers.find(({ id }) => id === server.id);
      // First, so that a password never stands beside a server that it was not given for.
      const isOrphan = !old && this.#secretIds.has(server.id);
      if (isOrphan || (old && needsNewPassword(old, server))) await this.#deps.secrets.removePassword(server.id);
      await this.#change((file) => {
        const { servers } = file;
        const at = servers.findIndex(({ id }) => id === server.id);
        const before = servers[at];
        if (!before && servers.length >= mostServers) throw tooMany();
        if (!before) return { file: { ...file, servers: [...servers, server] } };
        const { supplies, moves } = withMovedServer(file.supplies, before, server);
        return { file: { ...file, servers: servers.with(at, server), supplies }, moves };
      });
    });
  }

  /** Forgets its password too. @throws FaultError `reference-missing` */
  removeServer(id: string): Promise<void> {
    return this.#turns.take(async () => {
      this.#requireServer(id);
      await this.#deps.secrets.removePassword(id);
      await this.#change((file) => ({ file: { ...file, servers: file.servers.filter((each) => each.id !== id) } }));
    });
  }

  /** @throws FaultError `reference-missing`, `refused` for a server without a login, and when the keychain refuses */
  setPassword(id: string, password: string): Promise<void> {
    return this.#turns.take(async () => {
      const server = this.#requireServer(id);
      if (server.kind !== 'nut' || server.user === '') {
        throw refused(server.address, 'It is read without a login.', 'Enter its user first, and save it.');
      }
      await this.#deps.secrets.setPassword(server, password);
      await this.#load();
      this.#deps.passwordChanged(id);
    });
  }

  /** @throws FaultError `reference-missing` */
  supply(id: string): KnownSupply {
    const supply = this.known.find((each) => each.id === id);
    if (supply) return supply;
    throw missing(id, 'No such UPS belongs to the rack.');
  }

  /** @throws FaultError `reference-missing` */
  saveSupply(supply: KnownSupply): Promise<void> {
    return this.#turns.take(async () => {
      this.supply(supply.id);
      await this.#change((file) => {
        const supplies = file.supplies.map((each) => (each.id === supply.id ? supply : each));
        return { file: { ...file, supplies } };
      });
    });
  }

  /** @throws FaultError `reference-missing` */
  forget(id: string): Promise<void> {
    return this.#turns.take(async () => {
      this.supply(id);
      await this.#change((file) => ({ file: { ...file, supplies: file.supplies.filter((each) => each.id !== id) } }));
    });
  }

  /**
   * Takes in the UPSes that are there and not known yet. `allFound`: those that are not among them are gone.
   * @throws FaultError `file-broken`, `file-newer`, `file-unwritable`
   */
  async meet(powers: readonly PowerView[], allFound: boolean): Promise<void> {
    const isKnown = (id: string) => this.#tried.has(id) || this.known.some((each) => each.id === id);
    const met = withMet(this.known, powers, allFound).supplies.filter(({ id }) => !isKnown(id));
    if (met.length === 0) return;
    for (const { id } of met) this.#tried.add(id);
    await this.#turns.take(async () => {
      await this.#change((file) => {
        const { supplies, moves } = withMet(file.supplies, powers, allFound);
        return { file: { ...file, supplies }, moves };
      });
    });
  }

  async #change(change: (file: SuppliesFile) => { file: SuppliesFile; moves?: readonly Move[] }): Promise<void> {
    // The hosts come first: where their file is refused, nothing has been changed.
    const { moves = [] } = change((await this.#file.read()) ?? emptySupplies);
    if (moves.length > 0) await this.#deps.moved(moves);
    let before = '';
    const now = await this.#file.update((old) => {
      before = suppliesHash(old ?? emptySupplies);
      return change(old ?? emptySupplies).file;
    });
    // Nothing is read in between: what was changed with the user's yes must not look as if somebody else had done it.
    await this.#deps.rebound(before, suppliesHash(now));
    await this.#load();
  }

  async #load(): Promise<void> {
    const { value, refused: file } = await attempt(this.#file.path, () => this.#file.read());
    const ids = await attempt('secrets.json', () => this.#deps.secrets.serverIds());
    // While the file is refused, what was read from it last stands in its place.
    if (!file) {
      this.#contents = value ?? emptySupplies;
      this.#wasRead = true;
      this.#tried = new Set();
    }
    this.#secretIds = ids.value ?? this.#secretIds;
    this.#refused = file ?? ids.refused;
    this.#deps.changed();
  }

  #requireServer(id: string): UpsServer {
    const server = this.servers.find((each) => each.id === id);
    if (server) return server;
    throw missing(id, 'There is no such server.');
  }
}

function tooMany(): FaultError {
  return refused('UPS servers', `There are ${mostServers} of them, and no more are taken.`, 'Remove one first.');
}

function refused(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'refused', what, where, remedy });
}

function missing(where: string, what: string): FaultError {
  return new FaultError({ code: 'reference-missing', what, where, remedy: 'Look at what is there now.' });
}
