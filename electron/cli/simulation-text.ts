import type { Host } from '../../shared/inventory.ts';
import type { SimulatedStep, SimulationView } from '../../shared/view.ts';
import { clock, count } from '../../shared/words.ts';
import { printable, printableRow } from './fault-line.ts';

/** What `run --simulate` prints: how it ended, what decided, and when each step was. Times are counted from the cut. */
export function simulationText(played: SimulationView, hosts: readonly Host[]): string {
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const { whatIf, startsAt, noReturnAt, downAt, returnedAt, emptyAt, cutHard, shed } = played;
  const at = (seconds: number | null, otherwise: string): string => (seconds === null ? otherwise : clock(seconds));
  const lines = [
    `Load x ${whatIf.load}${whatIf.hangs ? `, ${nameOf(whatIf.hangs)} hangs` : ''}, ${
      whatIf.powerBackAt === null ? 'the mains stay away' : `the mains are back at ${clock(whatIf.powerBackAt)}`
    }`,
    `Battery empty        ${at(emptyAt, 'not known: a battery of an hour is played')}`,
    `Run begins           ${at(startsAt, 'never')}`,
    `Point of no return   ${at(noReturnAt, 'not reached')}`,
    `Everything down      ${at(downAt, 'never')}`,
    `Everything back      ${at(returnedAt, 'never')}`,
    `Given up             ${shed.join(', ') || 'nothing'}`,
    `Cut hard             ${cutHard.length === 0 ? 'none' : `${count(cutHard.length, 'host')}: ${cutHard.map(nameOf).join(', ')}`}`,
    '',
    ...played.sentences.map(({ at: when, text }) => `${clock(when).padStart(8)}  ${text}`),
    '',
    ...played.steps.map((step) => stepLine(step, nameOf)),
  ];
  return lines.map((line) => `${printableRow(line)}\n`).join('');
}

function stepLine({ id, hostId, startedAt, endedAt, state }: SimulatedStep, nameOf: (id: string) => string): string {
  const times = startedAt === null ? '' : `${clock(startedAt)} - ${endedAt === null ? '' : clock(endedAt)}`;
  return `${times.padEnd(20)} ${state.padEnd(8)} ${(hostId === null ? '' : printable(nameOf(hostId))).padEnd(20)} ${id}`;
}
