import { join } from 'node:path';
import { type Inventory, inventorySchema } from '../../shared/inventory.ts';
import { JsonFile } from './json-file.ts';
import { withOldAlgorithms } from './old-hosts.ts';

/** The hosts that Glidepath knows. No secret stands in it. */
export const inventoryFile = (dataFolder: string): JsonFile<Inventory> =>
  new JsonFile(join(dataFolder, 'inventory.json'), {
    schema: inventorySchema,
    migrations: [toVersion2, toVersion3, toVersion4],
  });

/** Since version 2 a host says which UPSes feed it; left out, it is taken to hang on any. */
function toVersion2(old: Record<string, unknown>): Record<string, unknown> {
  return { ...old, version: 2 };
}

/** Since version 3 a host has tags and names the hosts that it uses and runs on; left out, there are none. */
function toVersion3(old: Record<string, unknown>): Record<string, unknown> {
  return { ...old, version: 3 };
}

/** Since version 4 there are more kinds of hosts, and old algorithms are offered only where it is said. */
function toVersion4(old: Record<string, unknown>): Record<string, unknown> {
  return { ...old, version: 4, hosts: withOldAlgorithms(old.hosts) };
}
