import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { practiceUpses } from '../../electron/brain/practice.ts';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const script = (name: string, timeline: object[] = []) =>
  JSON.stringify({ format: 'glidepath-simulated-ups', version: 1, name, timeline });

it('takes a simulated UPS from each file, and what happens to it', async () => {
  const folder = await temporaryFolder();
  const [rack, attic] = [join(folder, 'rack.json'), join(folder, 'attic.json')];
  await writeFile(rack, script('Rack', [{ at: 30, do: 'cut' }]));
  await writeFile(attic, script('Attic'));
  const clock = new ManualClock();
  const heard: UpsEvent[] = [];
  const upses = practiceUpses(['glidepath', `--simulated-ups=${rack}`, '--hidden', `--simulated-ups=${attic}`], clock);
  for (const ups of upses) ups.start((event) => heard.push(event));
  expect(heard.flatMap((event) => (event.type === 'found' ? [event.ups.name] : []))).toEqual(['Rack', 'Attic']);
  await clock.advance(31_000);
  const last = heard.findLast((event) => event.type === 'reading' && event.reading.upsId === 'simulated:1');
  expect(last).toMatchObject({ reading: { acPresent: false } });
});

it('takes none unless it is asked to, and names the place in a broken file', async () => {
  expect(practiceUpses(['glidepath', '--hidden'], new ManualClock())).toEqual([]);
  const file = join(await temporaryFolder(), 'broken.json');
  await writeFile(file, script('Rack', [{ at: -1, do: 'cut' }]));
  expect(() => practiceUpses([`--simulated-ups=${file}`], new ManualClock())).toThrow(/broken\.json: timeline\.0\.at/);
});
