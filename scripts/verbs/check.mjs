import { runTool } from '../setup/run.mjs';
import { say } from '../setup/say.mjs';

/** The types and the style, both always, so that one run shows everything. Returns the names of what failed. */
export async function failedChecks() {
  const failed = [];
  say('checking types (tsc)');
  if ((await runTool('typescript/bin/tsc', ['--noEmit'])) !== 0) failed.push('tsc');
  say('checking style (biome)');
  if ((await runTool('@biomejs/biome/bin/biome', ['ci', '.'])) !== 0) failed.push('biome');
  return failed;
}

export default async function () {
  const failed = await failedChecks();
  if (failed.length > 0) say(`failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}
