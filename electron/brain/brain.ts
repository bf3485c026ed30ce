import { toFault } from '../../shared/fault.ts';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import type { Push } from '../../shared/ipc.ts';
import type { RunView } from '../../shared/run.ts';
import type { Order } from '../../shared/ups-command.ts';
import type {
  ControllerView,
  PowerView,
  RunSummary,
  SettingsView,
  SliceName,
  Slices,
  StatusView,
} from '../../shared/view.ts';
import { Engine } from '../core/engine.ts';
import type { Clock, Notifier, StepTable, UpsOrders, UpsSource, Warmer } from '../core/ports.ts';
import type { RehearsalKeeper } from '../core/rehearsal-keeper.ts';
import { DecisionsFile } from '../storage/decisions-file.ts';
import { durationStore } from '../storage/durations-file.ts';
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
import type { ChannelBook } from './channel-book.ts';
import { Decisions } from './decisions.ts';
import { createHandlers, type Handlers } from './handlers.ts';
import { Publisher } from './publisher.ts';
import { Recorder } from './recorder.ts';
import { rehearsalsOf } from './rehearsals.ts';
import { simulations } from './simulate.ts';
import { SupplyBook } from './supply-book.ts';
import { systemClock } from './system-clock.ts';
import { type Telling, tellingBy } from './telling.ts';
import { watchFiles } from './watch-files.ts';
import { sentencesText } from './words.ts';
import { Workspace } from './workspace.ts';

/** Ms after the start in which every UPS that is there is found, so that another one is known to be gone. */
const foundAfter = 20_000;
/** Ms between two looks at whether the batteries still last for the plan. */
const checkEvery = 60_000;

/** Who is told what changes. */
export interface Audience {
  isOpen(): boolean;
  send(push: Push): void;
}

/** What is known of secrets here: never what they are, but for those of UPS servers and channels. */
export type SecretsBook = Pick<
  Secrets,
  | 'ids'
  | 'set'
  | 'setHostPassword'
  | 'remove'
  | 'isStrong'
  | 'password'
  | 'serverIds'
  | 'setPassword'
  | 'removePassword'
  | 'channelSecret'
  | 'channelIds'
  | 'setChannelSecret'
  | 'removeChannelSecret'
>;

export interface BrainDeps {
  dataFolder: string;
  version: string;
  /** The engine's time; the window is always served in real time. */
  clock: Clock;
  sources: readonly UpsSource[];
  steps: StepTable;
  /** Opens connections before they are needed; null: none is. */
  warmer: Warmer | null;
  secrets: SecretsBook;
  /** The desktop, or what there is in its place. */
  notifier: Notifier;
  log: Log;
  readHostKey(host: Host, of: KeyOwner): Promise<HostKey>;
  window: Audience;
  /** What this process is to those who look on. */
  controller: ControllerView;
  /** The plan, the power or the run is another than before. */
  changed(): void;
  settingsChanged(settings: SettingsView): void;
}

/** Everything that decides and remembers, joined: the application without its windows. Knows no Electron. */
export class Brain {
  readonly workspace: Workspace;
  readonly supplies: SupplyBook;
  readonly channels: ChannelBook;
  /** The desktop and the channels. */
  readonly notifier: Notifier;
  readonly handlers: Handlers;
  readonly #deps: BrainDeps;
  readonly #engine: Engine;
  readonly #journals: JournalFolder;
  readonly #servers: UpsServers;
  readonly #recorder: Recorder;
  readonly #decisions: Decisions;
  readonly #telling: Telling;
  readonly #rehearsals: RehearsalKeeper;
  readonly #read: { readonly [N in SliceName]: () => Slices[N] };
  readonly #publishers: Publisher[] = [];
  #lastCommand: SentCommand | null = null;
  #startedMono = 0;
  #checkMono = 0;
  #runs: RunSummary[] = [];
  #unwatch: () => void = () => undefined;

  constructor(deps: BrainDeps) {
    const { log, window } = deps;
    this.#deps = deps;
    this.#journals = new JournalFolder(deps.dataFolder, log);
    this.#servers = new UpsServers({
      clock: deps.clock,
      password: (server) => deps.secrets.password(server),
      changed: () => this.#publish('supplies'),
    });
    this.#telling = tellingBy({
      ...deps,
      now: () => ({ decision: this.#engine.status().decision, run: this.#engine.run() }),
      changed: () => {
        this.#publish('channels');
        // A step may name one of them.
        this.workspace.checkAnew();
      },
    });
    this.notifier = this.#telling;
    this.channels = this.#telling.channels;
    this.#decisions = new Decisions(new DecisionsFile(deps.dataFolder, log), () => this.#publish('decisions'));
    this.#engine = new Engine({
      clock: deps.clock,
      sources: [...deps.sources, this.#servers],
      journals: this.#journals,
      learned: learnedStore(deps.dataFolder, log),
      durations: durationStore(deps.dataFolder, log),
      warmer: deps.warmer,
      steps: deps.steps,
      decided: (decision) => this.#decisions.add(decision),
      newRunId: mintRunId,
      report: (error) => this.#report(error),
    });
    this.#read = {
      status: () => this.#engine.status(),
      plan: () => this.workspace.plan(),
      run: () => this.#engine.run(),
      runs: () => this.#runs,
      hosts: () => this.workspace.hosts(),
      supplies: () => this.supplies.view(),
      events: () => this.#recorder.events,
      decisions: () => this.#decisions.newest,
      rehearsals: () => this.#rehearsals.view(),
      channels: () => this.channels.view(),
      controller: () => deps.controller,
      settings: () => this.workspace.settings(),
    };
    const publisher = this.publishTo(window);
    this.workspace = new Workspace({
      dataFolder: deps.dataFolder,
      version: deps.version,
      engine: this.#engine,
      secrets: deps.secrets,
      notifier: this.notifier,
      channelIds: () => new Set(this.channels.channels.map(({ id }) => id)),
      // A daemon has no window in which it could be.
      isArmedElsewhere: deps.controller.who === 'daemon',
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
    this.#rehearsals = rehearsalsOf({
      ...deps,
      notifier: this.notifier,
      engine: this.#engine,
      workspace: this.workspace,
      changed: () => this.#publish('rehearsals'),
    });
    const history = new HistoryFolder(deps.dataFolder, log);
    this.#recorder = new Recorder({
      clock: deps.clock,
      history,
      file: new EventsFile(deps.dataFolder, log),
      isOfRack: (upsId) => this.supplies.known.some(({ id }) => id === upsId),
      changed: () => this.#publish('events'),
    });
    this.handlers = createHandlers({
      engine: this.#engine,
      workspace: this.workspace,
      publisher,
      rehearsals: this.#rehearsals,
      simulate: simulations({ engine: this.#engine, workspace: this.workspace }),
      readRun: (runId) => this.#journals.read(runId),
      readHostKey: deps.readHostKey,
      supplies: this.supplies,
      channels: this.channels,
      testChannel: (id) => this.#telling.test(id),
      readCertificate: (address, port) => readNutCertificate(address, port, deps.clock),
      readHistory: (upsId, from, to) => history.read(upsId, from, to),
      commandSent: (upsId, order, sentence) => this.#commandSent(upsId, order, sentence),
    });
  }

  /** Reads what is kept, takes up an unfinished run, begins to listen to the UPSes. */
  async start(): Promise<void> {
    const { dataFolder, log } = this.#deps;
    await this.#telling.load();
    await this.supplies.load();
    await this.workspace.load();
    await this.#recorder.start();
    await this.#decisions.load();
    this.#startedMono = this.#deps.clock.monotonic();
    this.#checkMono = this.#startedMono + foundAfter;
    this.#engine.onChange((what) => {
      this.#publish(what);
      if (what === 'status') this.#statusChanged(this.#engine.status().powers);
      // A rehearsal gives way before the run's first step, not at the next look at the power.
      if (what === 'run') this.#rehearsals.tick(this.#deps.clock.now());
      if (what === 'runs') this.#inBackground('runs', this.#refreshRuns());
      else this.#deps.changed();
    });
    await this.#refreshRuns();
    await this.#engine.start();
    // Fifty reports of a big rack take more than a second to read: the watch does not wait for them.
    await this.#rehearsals.load();
    this.#unwatch = await watchFiles(dataFolder, log, () => {
      this.#inBackground('files', this.workspace.load());
      this.#inBackground('files', this.supplies.load());
      this.#inBackground('files', this.channels.load());
    });
  }

  async stop(): Promise<void> {
    this.#unwatch();
    await this.#engine.stop();
    this.#rehearsals.stop('Glidepath ends.');
    await this.#rehearsals.settled();
    await this.#recorder.stop();
    await this.#decisions.settle();
    await this.#telling.stop();
  }

  /** Tells another audience too. Its first word is the snapshot of what this gives. */
  publishTo(audience: Audience): Publisher {
    const publisher = new Publisher({
      clock: systemClock,
      read: this.#read,
      hasWindow: audience.isOpen,
      send: audience.send,
    });
    this.#publishers.push(publisher);
    return publisher;
  }

  status(): StatusView {
    return this.#engine.status();
  }

  run(): RunView | null {
    return this.#engine.run();
  }

  /** What steps tell UPSes is told of like what the user tells them. */
  readonly orders: UpsOrders = {
    find: (upsId) => this.#engine.orderedUps(upsId),
    countdown: (upsId, outlet) => this.#engine.countdown(upsId, outlet),
    give: async (upsId, order) => {
      const sentence = await this.#engine.command(upsId, order);
      this.#commandSent(upsId, order, sentence);
      return sentence;
    },
  };

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

  #publish(slice: SliceName): void {
    for (const publisher of this.#publishers) publisher.changed(slice);
  }

  #workspaceChanged(slice: 'plan' | 'hosts' | 'settings'): void {
    this.#publish(slice);
    if (slice !== 'hosts') this.#publish('rehearsals');
    if (slice === 'settings') this.#deps.settingsChanged(this.workspace.settings());
    else this.#deps.changed();
  }

  #statusChanged(powers: readonly PowerView[]): void {
    this.#recorder.look(powers);
    this.#rehearsals.tick(this.#deps.clock.now());
    const allFound = this.#deps.clock.monotonic() - this.#startedMono >= foundAfter;
    this.#inBackground('supplies', this.supplies.meet(powers, allFound));
    if (this.#deps.clock.monotonic() < this.#checkMono) return;
    this.#checkMono = this.#deps.clock.monotonic() + checkEvery;
    this.workspace.checkAnew();
  }

  #suppliesChanged(): void {
    this.#servers.configure(this.supplies.servers);
    this.#engine.setSupplies(this.supplies.known);
    this.#inBackground('supplies', this.workspace.suppliesRead(this.supplies.hash));
    this.#publish('supplies');
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
    this.#publish('runs');
  }

  /** What no run's journal can tell, as that it could not even be begun: the user must hear of it. */
  #report(error: unknown): void {
    this.#deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { where, what, remedy } = toFault(error, 'Glidepath');
    const body = sentencesText(`${where}: ${what}`, remedy);
    this.notifier.notify({ category: 'failure', urgency: 'critical', title: 'Glidepath met a problem', body });
  }

  #inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.error(`${what}: ${error instanceof Error ? error.stack : error}`));
  }
}
