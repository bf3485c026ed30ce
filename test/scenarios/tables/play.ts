import { replayRun } from '../../../shared/run.ts';
import type { RunRecord } from '../../../shared/run-record.ts';
import { happen } from './lines.ts';
import { upsA, upsB } from './racks.ts';
import { Room } from './room.ts';
import { type Row, secondsOf, timed, timeOf } from './row.ts';

/** What came of a row, in the words of its outcome. */
export interface Told {
  runs: string[];
  state: Record<string, string>;
  down: string;
  back: string;
  ends: string;
  cut: string;
  /** Everything that was said, each line with what it is. */
  said: string[];
  /** How many destructive acts each host got: "esx 3, web 1". */
  counts: string;
  /** What must never be, whatever the row says. */
  errors: unknown[];
}

const words: Record<string, string> = {
  'shut-down-guests': 'guests',
  'enter-maintenance': 'maintenance',
  'power-off': 'off',
  'exit-maintenance': 'leave maintenance',
  'start-guests': 'start guests',
  'ups-off': 'turn off',
  'ups-stop': 'call off',
};
const isDown = (act: string) => /^(shut-down-guests|enter-maintenance|power-off|command|ups-off|ups-stop) /.test(act);
const inWords = (acts: readonly string[]) =>
  acts
    .map((act) => act.replace(/^\S+/, (kind) => words[kind] ?? kind))
    .map((act) => [upsA, upsB].reduce((text, { id, name }) => text.replace(id, name), act))
    .join(', ');

/** Plays a row from its first line to its last moment. */
export async function play(row: Row): Promise<Told> {
  const room = await Room.of(row.rack);
  const lines = row.happens.map(timed);
  const moments = Object.keys(row.outcome.state);
  const state: Record<string, string> = {};
  const times = new Set([...lines.map(({ at }) => at), ...moments.map(secondsOf)]);
  for (const at of [...times].sort((a, b) => a - b)) {
    await room.playTo(at);
    for (const line of lines.filter((each) => each.at === at)) await happen(room, line.text);
    // What was done by hand has its effect before anybody looks.
    await room.bench.seconds(0);
    room.look();
    const moment = moments.find((text) => secondsOf(text) === at);
    if (moment !== undefined) state[moment] = stateOf(room);
  }
  const { world, journals, errors } = room.bench;
  const down = world.acts.filter(isDown);
  return {
    runs: room.runs.map(({ at, cause, why }) => `${timeOf(at)} ${cause}: ${why}`),
    state,
    down: inWords(down),
    back: inWords(world.acts.filter((act) => !isDown(act))),
    ends: [...journals.runs.values()].map(endOf).join(', '),
    cut: room.rack.hosts.flatMap(({ id }) => (world.host(id).cutHard ? [id] : [])).join(', '),
    said: saidIn(room),
    counts: countsOf(down),
    errors: [...errors, ...world.errors],
  };
}

function stateOf({ bench, rack }: Room): string {
  const found = rack.hosts.flatMap(({ id, kind }) => {
    const { power, guestsOn, settings } = bench.world.host(id);
    if (power !== 'on') return [power === 'off' ? id : `${id} ${power === 'dying' ? 'going down' : power}`];
    if (kind !== 'esxi') return [];
    const missing = ['vm1', 'vm2'].filter((guest) => !guestsOn.has(guest));
    const guests = missing.length === 2 ? [`guests of ${id}`] : missing.map((guest) => `${guest} of ${id}`);
    return [...guests, ...(settings.has('maintenance') ? [`maintenance of ${id}`] : [])];
  });
  return found.join(', ') || 'all up';
}

function endOf(records: readonly RunRecord[]): string {
  const { phase, result } = replayRun(records);
  if (phase === 'ended') return result ?? 'ended';
  return phase === 'down' ? 'going down' : phase === 'return' ? 'returning' : 'waiting for the return';
}

function saidIn({ bench, shown }: Room): string[] {
  const decided = bench.decisions.map(({ kind, sentence }) => `${kind}: ${sentence}`);
  const journal = [...bench.journals.runs.values()].flatMap((records) =>
    replayRun(records).log.map(({ text, step }) => `journal: ${step === null ? '' : `${step} `}${text}`),
  );
  const faults = [...bench.journals.runs.values()].flatMap((records) =>
    Object.values(replayRun(records).steps).flatMap(({ id, fault }) => (fault ? [`fault: ${id} ${fault.code}`] : [])),
  );
  return [...decided, ...journal, ...faults, ...shown];
}

function countsOf(down: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const act of down) {
    const host = act.split(' ')[1] ?? '';
    counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return [...counts].map(([host, count]) => `${host} ${count}`).join(', ') || 'none';
}
