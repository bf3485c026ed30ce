import { FaultError } from '../../shared/fault.ts';
import { type RequestName, requestSchemas } from '../../shared/ipc.ts';
import type { Slices } from '../../shared/view.ts';
import type { Handlers } from '../brain/handlers.ts';
import { Simulator } from '../brain/simulate.ts';
import { DurationBook } from '../core/plan/durations.ts';
import { durationStore, noDurations } from '../storage/durations-file.ts';
import { HistoryFolder } from '../storage/history.ts';
import { JournalFolder } from '../storage/journal.ts';
import type { Log } from '../storage/log.ts';
import { RehearsalFolder } from '../storage/rehearsals.ts';

export interface LookingDeps {
  dataFolder: string;
  log: Log;
  /** Pushes so far. */
  rev(): number;
  /** What the service shows; null: it has not answered yet. */
  slices(): Slices | null;
}

/** The window's requests beside a Glidepath service: what can be read is; whatever changes something is its own affair. */
export function lookingHandlers({ dataFolder, log, rev, slices }: LookingDeps): Handlers {
  const journals = new JournalFolder(dataFolder, log);
  const history = new HistoryFolder(dataFolder, log);
  const rehearsals = new RehearsalFolder(dataFolder, log);
  const durations = durationStore(dataFolder, log);
  const shown = (): Slices => {
    const now = slices();
    if (now) return now;
    throw refused('It has not answered yet.');
  };
  let file = noDurations;
  let book = new DurationBook();
  const simulator = new Simulator({
    hosts: () => shown().hosts.hosts.map(({ host }) => host),
    powers: () => shown().status.powers,
    durations: () => file,
    expected: (step, host) => book.expected(step, host),
  });
  const names = Object.keys(requestSchemas) as RequestName[];
  const others = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Handlers;
  return {
    ...others,
    snapshot: () => ({ rev: rev(), slices: shown() }),
    'plan.simulate': async (input) => {
      file = await durations.load();
      book = new DurationBook();
      book.load(file);
      return simulator.simulate(input);
    },
    'run.read': ({ runId }) => journals.read(runId),
    'history.read': ({ upsId, from, to }) => history.read(upsId, from, to),
    'rehearsal.read': async ({ id }) => {
      const found = (await rehearsals.list()).find((each) => each.id === id);
      if (found) return found;
      throw noSuchRehearsal(id);
    },
    'durations.export': async () => ({ text: JSON.stringify(await durations.load(), null, 2) }),
  };
}

function refuse(): never {
  throw refused('The Glidepath service is in control here; this window shows its state.');
}

/** As the keeper of rehearsals says it: the service has nothing to do with it. */
const noSuchRehearsal = (id: string): FaultError =>
  new FaultError({
    code: 'reference-missing',
    what: 'There is no such rehearsal.',
    where: id,
    remedy: 'Choose another one: only the newest are kept.',
  });

const refused = (what: string): FaultError =>
  new FaultError({
    code: 'refused',
    what,
    where: 'Glidepath service',
    remedy: 'Change it on the service, or stop the service: this app then takes over.',
  });
