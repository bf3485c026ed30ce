import { toFault } from '../../shared/fault.ts';
import type { Host, HostKey } from '../../shared/inventory.ts';
import type { Push } from '../../shared/ipc.ts';
import type { RunView } from '../../shared/run.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { PowerView, RunSummary, SettingsView, StatusView } from '../../shared/view.ts';
import { Engine } from '../core/engine.ts';
import type { Clock, Notifier, StepTable, UpsSource } from '../core/ports.ts';
import { EventsFile } from '../storage/events-file.ts';
import { HistoryFolder } from '../storage/history.ts';
import { JournalFolder } from '../storage/journal.ts';
import { learnedStore } from '../storage/learned-file.ts';
import type { Log } from '../storage/log.ts';
import { mintRunId } from '../storage/run-id.ts';
import type { Secrets } from '../storage/secrets.ts';
import { readNutCertificate } from '../ups/nut/read-certificate.ts';
import { UpsServers } from '../ups/servers.ts';
import type { SentCommand } from './announce.ts';
import { createHandlers, type Handlers } from './handlers.ts';
import { Publisher } from './publisher.ts';
import { Recorder } from './recorder.ts';
import { SupplyBook } from './supply-book.ts';
import { systemClock } from './system-clock.ts';
import { watchFiles } from './watch-files.ts';
import { sentencesText } from './words.ts';
import { Workspace } from './workspace.ts';

/** Ms after the start in which every UPS that is there is found, so that another one is known to be gone. */
const foundAfter = 20_000;

export interface BrainDeps {
  dataFolder: string;
  version: string;
  /** The engine's time; the window is always served in real time. */
  clock: Clock;
  sources: readonly UpsSource[];
  steps: StepTable;
  secrets: Secrets;
  notifier: Notifier;
  log: Log;
  readHostKey(host: Host): Promise<HostKey>;
  window: { isOpen(): boolean; send(push: Push): void };
  /** The plan, the power or the run is another than before. */
  changed(): void;
  settingsChanged(settings: SettingsView): void;
}

/** Everything that decides and remembers, joined: the application without its windows. Knows no Electron. */
export class Brain {
  readonly workspace: Workspace;
  readonly supplies: SupplyBook;
  readonly handlers: Handlers;
  readonly #deps: BrainDeps;
  readonly #engine: Engine;
  readonly #journals: JournalFolder;
  readonly #servers: UpsServers;
  readonly #recorder: Recorder;
  readonly #publisher: Publisher;
  #lastCommand: SentCommand | null = null;
  #startedMono = 0;
  #runs: RunSummary[] = [];
  #unwatch: () => void = () => undefined;

  constructor(deps: BrainDeps) {
    const { log, window } = deps;
    this.#deps = deps;
    this.#journals = new JournalFolder(deps.dataFolder, log);
    this.#servers = new UpsServers({
      clock: deps.clock,
      password: (server) => deps.secrets.password(server),
      changed: () => this.#publisher.changed('supplies'),
    });
    this.#engine = new Engine({
      clock: deps.clock,
      sources: [...deps.sources, this.#servers],
      journals: this.#journals,
      learned: learnedStore(deps.dataFolder, log),
      steps: deps.steps,
      newRunId: mintRunId,
      report: (error) => this.#report(error),
    });
    this.#publisher = new Publisher({
      clock: systemClock,
      read: {
        status: () => this.#engine.status(),
        plan: () => this.workspace.plan(),
        run: () => this.#engine.run(),
        runs: () => this.#runs,
        hosts: () => this.workspace.hosts(),
        supplies: () => this.supplies.view(),
        events: () => this.#recorder.events,
        settings: () => this.workspace.settings(),
      },
      hasWindow: window.isOpen,
      send: window.send,
    });
    this.workspace = new Workspace({
      dataFolder: deps.dataFolder,
      version: deps.version,
      engine: this.#engine,
      secrets: deps.secrets,
      notifier: deps.notifier,
      changed: (slice) => this.#workspaceChanged(slice),
    });
    this.supplies = new SupplyBook({
      dataFolder: deps.dataFolder,
      secrets: deps.secrets,
      faults: () => this.#servers.faults(),
      moved: (moves) => this.workspace.moveUpses(moves),
      rebound: (before, after) => this.workspace.suppliesChanged(before, after),
      passwordChanged: (serverId) => this.#servers.connectAnew(serverId),
      changed: () => this.#suppliesChanged(),
    });
    const history = new HistoryFolder(deps.dataFolder, log);
    this.#recorder = new Recorder({
      clock: deps.clock,
      history,
      file: new EventsFile(deps.dataFolder, log),
      isOfRack: (upsId) => this.supplies.known.some(({ id }) => id === upsId),
      changed: () => this.#publisher.changed('events'),
    });
    this.handlers = createHandlers({
      engine: this.#engine,
      workspace: this.workspace,
      publisher: this.#publisher,
      readRun: (runId) => this.#journals.read(runId),
      readHostKey: deps.readHostKey,
      supplies: this.supplies,
      readCertificate: (address, port) => readNutCertificate(address, port, deps.clock),
      readHistory: (upsId, from, to) => history.read(upsId, from, to),
      commandSent: (upsId, order, sentence) => this.#commandSent(upsId, order, sentence),
    });
  }

  /** Reads what is kept, takes up an unfinished run, begins to listen to the UPSes. */
  async start(): Promise<void> {
    const { dataFolder, log } = this.#deps;
    await this.supplies.load();
    await this.workspace.load();
    await this.#recorder.start();
    this.#startedMono = this.#deps.clock.monotonic();
    this.#engine.onChange((what) => {
      this.#publisher.changed(what);
      if (what === 'status') this.#statusChanged(this.#engine.status().powers);
      if (what === 'runs') this.#inBackground('runs', this.#refreshRuns());
      else this.#deps.changed();
    });
    await this.#refreshRuns();
    await this.#engine.start();
    this.#unwatch = await watchFiles(dataFolder, log, () => {
      this.#inBackground('files', this.workspace.load());
      this.#inBackground('files', this.supplies.load());
    });
  }

  async stop(): Promise<void> {
    this.#unwatch();
    await this.#engine.stop();
    await this.#recorder.stop();
  }

  status(): StatusView {
    return this.#engine.status();
  }

  run(): RunView | null {
    return this.#engine.run();
  }

  /** null: none since the start. */
  get lastCommand(): SentCommand | null {
    return this.#lastCommand;
  }

  /** @throws FaultError `refused` past the point of no return, or when nothing is going on */
  cancelRun(): void {
    this.#engine.cancel();
  }

  resumedFromSleep(): void {
    this.#engine.resumedFromSleep();
  }

  #workspaceChanged(slice: 'plan' | 'hosts' | 'settings'): void {
    this.#publisher.changed(slice);
    if (slice === 'settings') this.#deps.settingsChanged(this.workspace.settings());
    else this.#deps.changed();
  }

  #statusChanged(powers: readonly PowerView[]): void {
    this.#recorder.look(powers);
    const allFound = this.#deps.clock.monotonic() - this.#startedMono >= foundAfter;
    this.#inBackground('supplies', this.supplies.meet(powers, allFound));
  }

  #suppliesChanged(): void {
    this.#servers.configure(this.supplies.servers);
    this.#engine.setSupplies(this.supplies.known);
    this.#inBackground('supplies', this.workspace.suppliesRead(this.supplies.hash));
    this.#publisher.changed('supplies');
    this.#deps.changed();
  }

  #commandSent(upsId: string, order: Order, sentence: string): void {
    const upsName = this.supplies.known.find(({ id }) => id === upsId)?.name ?? upsId;
    this.#lastCommand = { upsName, order, sentence };
    this.#recorder.commandSent(upsId, upsName, sentence);
    this.#deps.changed();
  }

  async #refreshRuns(): Promise<void> {
    this.#runs = await this.#journals.list();
    this.#publisher.changed('runs');
  }

  /** What no run's journal can tell, as that it could not even be begun: the user must hear of it. */
  #report(error: unknown): void {
    this.#deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { where, what, remedy } = toFault(error, 'Glidepath');
    const body = sentencesText(`${where}: ${what}`, remedy);
    this.#deps.notifier.notify({ category: 'failure', urgency: 'critical', title: 'Glidepath met a problem', body });
  }

  #inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.error(`${what}: ${error instanceof Error ? error.stack : error}`));
  }
}
