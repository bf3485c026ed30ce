import { createInterface } from 'node:readline';
import { takeControl } from '../../../electron/control/lock.ts';

// A program that tries to take control of the folder it is given, at once and whenever a line comes, and says each time
// what came of it: "taken", or "held" with the pid of the holder.

const [folder = ''] = process.argv.slice(2);

async function attempt(): Promise<void> {
  const result = await takeControl(folder, 'daemon', 'test');
  console.log(result.taken ? 'taken' : `held ${result.by?.pid ?? 'by nobody'}`);
}

await attempt();
for await (const _line of createInterface({ input: process.stdin })) await attempt();
