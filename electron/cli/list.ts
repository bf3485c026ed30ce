import type { Clock, UpsSource } from '../core/ports.ts';
import { faultLine, printable } from './fault-line.ts';
import { look, type Roster } from './roster.ts';
import { stateWords } from './state-words.ts';

/** Every UPS that can be found, one line each, and every reason why one cannot be. */
export async function list(sources: readonly UpsSource[], clock: Clock, json: boolean): Promise<string> {
  const roster = await look(sources, clock);
  return json ? `${JSON.stringify(asData(roster), null, 2)}\n` : asText(roster);
}

function asData({ entries, troubles }: Roster) {
  return { upses: entries.map(({ ups, reading, fault }) => ({ ups, reading, fault })), troubles };
}

function asText({ entries, troubles }: Roster): string {
  const lines = [
    ...entries.map(({ ups, reading, fault }) => {
      const state = reading ? stateWords(reading) : 'no reading yet';
      return [ups.id, ups.name, ups.via, fault ? faultLine(fault) : state].map(printable).join('  ');
    }),
    ...troubles.map(faultLine),
  ];
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'No UPS was found.\n';
}
