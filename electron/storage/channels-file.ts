import { join } from 'node:path';
import { type ChannelsFile, channelsSchema } from '../../shared/channels.ts';
import { JsonFile } from './json-file.ts';

/** The channels by which notices go out. No secret stands in it. */
export const channelsFile = (dataFolder: string): JsonFile<ChannelsFile> =>
  new JsonFile(join(dataFolder, 'channels.json'), { schema: channelsSchema, migrations: [] });
