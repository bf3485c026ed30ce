import { readFileSync } from 'node:fs';
import type { Clock } from '../core/ports.ts';
import { parseSimulatedScript } from '../ups/simulated/script.ts';
import { type SimulatedUps, simulatedUpses } from '../ups/simulated.ts';

const option = '--simulated-ups=';

/**
 * For practice: `--simulated-ups=FILE`, once for each. Simulated UPSes stand in the place of all real ones, so that a
 * plan can be tried without anybody pulling a plug. What an armed plan does to the hosts is real. Empty: none is asked for.
 * @throws FaultError `file-broken` with the place in it; the system's error when the file cannot be read
 */
export function practiceUpses(words: readonly string[], clock: Clock): SimulatedUps[] {
  const files = words.filter((word) => word.startsWith(option)).map((word) => word.slice(option.length));
  return simulatedUpses(
    clock,
    files.map((file) => parseSimulatedScript(readFileSync(file, 'utf8'), file)),
  );
}
