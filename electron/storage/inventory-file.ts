import { join } from 'node:path';
import { type Inventory, inventorySchema } from '../../shared/inventory.ts';
import { JsonFile } from './json-file.ts';

/** The hosts that Glidepath knows. No secret stands in it. */
export const inventoryFile = (dataFolder: string): JsonFile<Inventory> =>
  new JsonFile(join(dataFolder, 'inventory.json'), { schema: inventorySchema, migrations: [] });
