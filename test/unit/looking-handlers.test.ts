import { expect, test } from 'vitest';
import { lookingHandlers } from '../../electron/app/looking-handlers.ts';
import { noDurations } from '../../electron/storage/durations-file.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

test('beside a service, what is not there is not blamed on the service', async () => {
  const dataFolder = await temporaryFolder();
  const handlers = lookingHandlers({ dataFolder, log: keptLog(), rev: () => 0, slices: () => null });
  const id = 'rehearsal-20261122070000000';
  await expect(async () => handlers['rehearsal.read']({ id })).rejects.toMatchObject({
    fault: { code: 'reference-missing', where: id, remedy: expect.not.stringContaining('service') },
  });
  await expect(async () => handlers['run.cancel']({})).rejects.toMatchObject({ fault: { where: 'Glidepath service' } });
  const { text } = await handlers['durations.export']({});
  expect(JSON.parse(text)).toEqual(noDurations);
});
