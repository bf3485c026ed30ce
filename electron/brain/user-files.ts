import { toFault } from '../../shared/fault.ts';
import { emptyInventory, type Host } from '../../shared/inventory.ts';
import type { RefusedFile } from '../../shared/view.ts';
import { inventoryFile } from '../storage/inventory-file.ts';
import type { Secrets } from '../storage/secrets.ts';
import { SequenceStore, type StoredSequence } from '../storage/sequences.ts';
import { defaultSettings, type Settings, settingsFile } from '../storage/settings-file.ts';

/** What the files hold. While one is refused, what was read from it last stands in its place. */
export interface Contents {
  sequences: readonly StoredSequence[];
  refusedSequences: readonly RefusedFile[];
  settings: Settings;
  refusedSettings: RefusedFile | null;
  hosts: readonly Host[];
  /** Hosts for which a secret is kept. */
  secretIds: ReadonlySet<string>;
  refusedHosts: RefusedFile | null;
}

export const noContents: Contents = {
  sequences: [],
  refusedSequences: [],
  settings: defaultSettings,
  refusedSettings: null,
  hosts: [],
  secretIds: new Set(),
  refusedHosts: null,
};

/** The files that are the user's: sequences, inventory, settings; and of the secrets, whose they are. */
export class UserFiles {
  readonly sequences: SequenceStore;
  readonly #inventory: ReturnType<typeof inventoryFile>;
  readonly #settings: ReturnType<typeof settingsFile>;
  readonly #secrets: Pick<Secrets, 'ids'>;

  constructor(dataFolder: string, secrets: Pick<Secrets, 'ids'>) {
    this.sequences = new SequenceStore(dataFolder);
    this.#inventory = inventoryFile(dataFolder);
    this.#settings = settingsFile(dataFolder);
    this.#secrets = secrets;
  }

  /** Reads everything. A file that cannot be taken is told of, not thrown: an armed plan must not lose its hosts over a typo. */
  async read(old: Contents): Promise<Contents> {
    const { sequences, refused } = await this.sequences.list();
    const settings = await attempt(this.#settings.path, () => this.#settings.read());
    const inventory = await attempt(this.#inventory.path, () => this.#inventory.read());
    const ids = await attempt('secrets.json', () => this.#secrets.ids());
    return {
      sequences,
      refusedSequences: refused,
      settings: settings.refused ? old.settings : (settings.value ?? defaultSettings),
      refusedSettings: settings.refused,
      hosts: inventory.refused ? old.hosts : (inventory.value?.hosts ?? []),
      secretIds: ids.value ?? old.secretIds,
      refusedHosts: inventory.refused ?? ids.refused,
    };
  }

  /** @throws FaultError `file-broken`, `file-newer`, `file-unwritable` */
  changeSettings(patch: Partial<Settings>): Promise<Settings> {
    return this.#settings.update((old) => ({ ...(old ?? defaultSettings), ...patch }));
  }

  /** @throws FaultError `file-broken`, `file-newer`, `file-unwritable` */
  async changeHosts(change: (hosts: Host[]) => Host[]): Promise<void> {
    await this.#inventory.update((old) => ({ ...emptyInventory, hosts: change(old?.hosts ?? []) }));
  }
}

/** A file that cannot be taken is told of, not thrown. */
export async function attempt<T>(
  file: string,
  read: () => Promise<T>,
): Promise<{ value: T | null; refused: RefusedFile | null }> {
  try {
    return { value: await read(), refused: null };
  } catch (error) {
    return { value: null, refused: { file, fault: toFault(error, file) } };
  }
}
