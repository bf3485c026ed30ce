import { join } from 'node:path';
import { type SuppliesFile, suppliesSchema } from '../../shared/supplies.ts';
import { JsonFile } from './json-file.ts';

/** Each of them is told apart by its id: twice the same would leave open which of the two is meant. */
const schema = suppliesSchema.superRefine((file, context) => {
  for (const list of ['servers', 'supplies'] as const) {
    const seen = new Set<string>();
    file[list].forEach(({ id }, index) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', message: `the id "${id}" is used twice`, path: [list, index, 'id'] });
      seen.add(id);
    });
  }
});

/** The UPS servers and the UPSes that belong to the rack. No password stands in it. */
export const suppliesFile = (dataFolder: string): JsonFile<SuppliesFile> =>
  new JsonFile(join(dataFolder, 'supplies.json'), { schema, migrations: [] });
