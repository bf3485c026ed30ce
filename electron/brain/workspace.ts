import { isDeepStrictEqual } from 'node:util';
import { FaultError } from '../../shared/fault.ts';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import type { ParsedInput } from '../../shared/ipc.ts';
import { type SecretSlot, secretKey, secretSlots } from '../../shared/secret-slot.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan, HostsView, PlanView, SettingsView } from '../../shared/view.ts';
import type { Engine } from '../core/engine.ts';
import type { Notifier } from '../core/ports.ts';
import type { Secrets } from '../storage/secrets.ts';
import type { Settings } from '../storage/settings-file.ts';
import { type ActivePlan, choosePlan } from './active-plan.ts';
import { credentialOf, hostsHash, outdatedSecrets, usesHost, withHost, withKey } from './host-edits.ts';
import { pastTheLine } from './quit-rule.ts';
import { type Move, withMovedOffs, withMovedUps } from './supply-edits.ts';
import { Turns } from './turns.ts';
import { type Contents, noContents, UserFiles } from './user-files.ts';

export interface WorkspaceDeps {
  dataFolder: string;
  version: string;
  engine: Pick<Engine, 'check' | 'setPlan' | 'run'>;
  secrets: Pick<Secrets, 'ids' | 'set' | 'setHostPassword' | 'remove' | 'isStrong'>;
  notifier: Notifier;
  /** The channels by which notices go out. */
  channelIds(): ReadonlySet<string>;
  /**
   * Another program arms, through the settings: what they say is the user's word. Else they are believed when they are
   * first read, as the word of the session before, and from then on only what is armed here is.
   */
  isArmedElsewhere: boolean;
  changed(what: 'plan' | 'hosts' | 'settings'): void;
}

const unchecked: CheckedPlan = { problems: [], needs: 0, usually: 0, steps: [] };

/** What the user owns, as the files hold it, and which plan is armed. Whatever changes it takes its turn. */
export class Workspace {
  readonly #deps: WorkspaceDeps;
  readonly #files: UserFiles;
  readonly #turns = new Turns();
  #contents: Contents = noContents;
  /** What the user armed, as far as this session knows: the files alone do not tell who took it away. */
  #armedHere: Settings['armed'] = null;
  #settingsRead = false;
  /** Of what tells of the power; null: it could not be read yet. */
  #suppliesHash: string | null = null;
  #plan: ActivePlan = { stored: null, armed: false, lostArming: null };
  #planView: PlanView = { sequence: null, hash: '', armed: false, checked: unchecked, refused: [] };

  constructor(deps: WorkspaceDeps) {
    this.#deps = deps;
    this.#files = new UserFiles(deps.dataFolder, deps.secrets);
  }

  /** Reads the files, at the start and whenever they were changed from outside. */
  load(): Promise<void> {
    return this.#turns.take(() => this.#load());
  }

  plan(): PlanView {
    return this.#planView;
  }

  /** A host by its id; null: there is none. */
  findHost(id: string): Host | null {
    return this.#contents.hosts.find((host) => host.id === id) ?? null;
  }

  hosts(): HostsView {
    const { hosts, secretIds, refusedHosts } = this.#contents;
    return {
      hosts: hosts.map((host) => ({
        host,
        hasSecret: host.login === 'agent' || secretIds.has(host.id),
        alsoKept: secretSlots.filter((slot) => slot !== 'login' && secretIds.has(secretKey(slot, host.id))),
      })),
      keychainIsStrong: this.#deps.secrets.isStrong,
      refused: refusedHosts,
    };
  }

  settings(): SettingsView {
    const { startAtLogin, theme, rehearse } = this.#contents.settings;
    return { startAtLogin, theme, rehearse, version: this.#deps.version, dataFolder: this.#deps.dataFolder };
  }

  get closeNoticeShown(): boolean {
    return this.#contents.settings.closeNoticeShown;
  }

  check(sequence: Sequence): CheckedPlan {
    const { hosts, secretIds, sequences } = this.#contents;
    const others = sequences.map((each) => each.sequence).filter((other) => other.id !== sequence.id);
    return this.#deps.engine.check({ sequence, hosts, secretIds, others, channelIds: this.#deps.channelIds() });
  }

  /** What the batteries give, or how long steps take, may be something else than when the plan was last looked at. */
  checkAnew(): void {
    const view = this.#viewPlan();
    if (isDeepStrictEqual(view.checked, this.#planView.checked)) return;
    this.#planView = view;
    this.#deps.changed('plan');
  }

  /**
   * The UPS servers and the known UPSes were read: a host may name a UPS that nobody knows now, and what an armed plan
   * goes by may be another than before. `hash`: null when they could never be read.
   */
  suppliesRead(hash: string | null): Promise<void> {
    return this.#turns.take(async () => {
      this.#suppliesHash = hash;
      // Before the files were read there is no plan to judge.
      if (this.#contents === noContents) return;
      this.#choosePlan();
      this.#deps.changed('plan');
    });
  }

  /** The user changed through Glidepath what tells of the power: an armed plan stays armed, with it as it is now. */
  suppliesChanged(before: string, after: string): Promise<void> {
    return this.#turns.take(async () => {
      const kept = this.#plan.armed ? this.#armedHere : null;
      if (before === after || !kept || (kept.suppliesHash ?? before) !== before) return;
      this.#suppliesHash = after;
      await this.#changeSettings({ armed: { ...kept, suppliesHash: after } });
    });
  }

  /** @throws FaultError `reference-missing` */
  host(id: string): Host {
    const host = this.#contents.hosts.find((each) => each.id === id);
    if (host) return host;
    throw new FaultError({
      code: 'reference-missing',
      what: 'There is no such host.',
      where: id,
      remedy: 'Add it first.',
    });
  }

  /** @throws FaultError `refused` when the plan that is meant is not the one that would be run */
  requireCurrent(hash: string): void {
    if (this.#plan.stored?.hash === hash) return;
    throw refused('plan', 'The plan has been changed since it was shown.', 'Look at the plan as it is now.');
  }

  /**
   * Gives the new hash. An armed plan stays armed with its new content, as the user has just seen it.
   * @throws FaultError `refused` when the file has changed since, when the plan is armed and would have errors, and
   * when another plan is armed, since there is one plan and it would silently be this one
   */
  savePlan(sequence: Sequence, baseHash: string): Promise<string> {
    return this.#turns.take(async () => {
      const { stored, armed } = this.#plan;
      const staysArmed = armed && stored?.sequence.id === sequence.id;
      if (armed && !staysArmed)
        throw refused(sequence.name, `“${stored?.sequence.name}” is armed.`, 'Disarm it first.');
      if (staysArmed) this.#requireSound(sequence, 'Correct them, or disarm the plan before you save it.');
      const hash = await this.#files.sequences.save(sequence, baseHash);
      const arming = staysArmed ? { armed: this.#arming(sequence, hash) } : {};
      await this.#changeSettings({ activeSequence: sequence.id, ...arming });
      return hash;
    });
  }

  /** @throws FaultError `refused` when the plan has errors, or is not the one that was shown, or nothing tells of the power */
  arm(hash: string): Promise<void> {
    return this.#turns.take(async () => {
      this.requireCurrent(hash);
      const sequence = this.#plan.stored?.sequence;
      if (!sequence) throw refused('plan', 'There is no plan.', 'Make a plan first.');
      if (this.#suppliesHash === null)
        throw refused('supplies.json', 'What tells of the power cannot be read.', 'Correct the file first.');
      this.#requireSound(sequence, 'Correct them first.');
      await this.#changeSettings({ activeSequence: sequence.id, armed: this.#arming(sequence, hash) });
    });
  }

  /** @throws FaultError `refused` while a shutdown is past its point of no return, and when another plan is meant */
  disarm(hash: string): Promise<void> {
    return this.#turns.take(async () => {
      this.requireCurrent(hash);
      if (pastTheLine(this.#deps.engine.run())) {
        throw refused('plan', 'The shutdown passed its point of no return.', 'Wait until it has ended.');
      }
      await this.#changeSettings({ armed: null });
    });
  }

  /** Forgets what is kept for it and does not fit any more. An armed plan stays armed, with the host as it is now. */
  saveHost(host: Host): Promise<void> {
    return this.#turns.take(async () => {
      const old = this.#contents.hosts.find((each) => each.id === host.id);
      await this.#changeHosts((hosts) => withHost(hosts, host));
      const outdated = old ? outdatedSecrets(old, host) : [];
      if (outdated.length === 0) return;
      for (const slot of outdated) await this.#deps.secrets.remove(secretKey(slot, host.id));
      await this.#load();
    });
  }

  /** Forgets its secret too. @throws FaultError `refused` while an armed plan or a run needs it */
  removeHost(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const { name } = this.host(id);
      const { stored, armed } = this.#plan;
      if (armed && stored && usesHost(stored.sequence, id, this.#contents.hosts)) {
        throw refused(name, `It is used by “${stored.sequence.name}”, which is armed.`, 'Disarm the plan first.');
      }
      const run = this.#deps.engine.run();
      if (run && run.phase !== 'ended' && usesHost(run.sequence, id, run.hosts)) {
        throw refused(name, 'It is used by the run that is going on.', 'Wait until it has ended.');
      }
      // In this order a failure leaves a secret that nobody uses, not a host that cannot be signed in to.
      await this.#changeHosts((hosts) => hosts.filter((each) => each.id !== id));
      for (const slot of secretSlots) await this.#deps.secrets.remove(secretKey(slot, id));
      await this.#load();
    });
  }

  /** @throws FaultError when the keychain refuses */
  setSecret(id: string, secret: string, passphrase: string): Promise<void> {
    return this.#turns.take(async () => {
      await this.#deps.secrets.set(id, credentialOf(this.host(id), secret, passphrase));
      await this.#load();
    });
  }

  /** What wakes it and does not sign in to it. @throws FaultError as `Secrets.setHostPassword` */
  setHostPassword(id: string, slot: Exclude<SecretSlot, 'login'>, password: string): Promise<void> {
    return this.#turns.take(async () => {
      await this.#deps.secrets.setHostPassword(this.host(id), slot, password);
      await this.#load();
    });
  }

  pinKey(id: string, key: HostKey, of: KeyOwner = 'host'): Promise<void> {
    return this.#turns.take(() => {
      this.host(id);
      return this.#changeHosts((hosts) => withKey(hosts, id, key, of));
    });
  }

  /** The UPSes that feed hosts, or are turned off, go by other ids now: they are the same, so an armed plan stays armed. */
  moveUpses(moves: readonly Move[]): Promise<void> {
    return this.#turns.take(async () => {
      await this.#moveOffs(moves);
      const { hosts } = this.#contents;
      if (hosts.every((host) => withMovedUps(host, moves) === host)) return;
      await this.#changeHosts((found) => found.map((host) => withMovedUps(host, moves)));
    });
  }

  saveSettings(patch: ParsedInput<'settings.save'> | { closeNoticeShown: true }): Promise<void> {
    return this.#turns.take(() => this.#changeSettings(patch));
  }

  /** @throws FaultError `refused` when a sequence that is to be changed was changed outside Glidepath, and as its file */
  async #moveOffs(moves: readonly Move[]): Promise<void> {
    const { stored, armed } = this.#plan;
    for (const { sequence, hash } of this.#contents.sequences) {
      const moved = withMovedOffs(sequence, moves);
      if (moved === sequence) continue;
      const news = await this.#files.sequences.save(moved, hash);
      const kept = armed && stored?.sequence.id === sequence.id ? this.#armedHere : null;
      // Nothing is read in between: the plan would look disarmed for a moment.
      if (kept) await this.#changeSettings({ armed: { ...kept, hash: news } });
      else await this.#load();
    }
  }

  #arming(sequence: Sequence, hash: string): Settings['armed'] {
    const bound = this.#suppliesHash === null ? {} : { suppliesHash: this.#suppliesHash };
    return { sequenceId: sequence.id, hash, hostsHash: hostsHash(sequence, this.#contents.hosts), ...bound };
  }

  /** @throws FaultError `refused` when the hosts of the armed plan are not those that were shown: their arming is lost */
  async #changeHosts(change: (hosts: Host[]) => Host[]): Promise<void> {
    const { stored, armed } = this.#plan;
    const kept = armed ? this.#armedHere : null;
    let next = kept;
    await this.#files.changeHosts((hosts) => {
      const changed = change(hosts);
      if (stored && kept && next) {
        if (hostsHash(stored.sequence, hosts) !== kept.hostsHash) {
          throw refused(stored.sequence.name, 'Its hosts were changed outside Glidepath.', 'Look them over again.');
        }
        next = { ...kept, hostsHash: hostsHash(stored.sequence, changed) };
      }
      return changed;
    });
    // Nothing is read in between: the plan would look disarmed for a moment.
    if (next && next.hostsHash !== kept?.hostsHash) await this.#changeSettings({ armed: next });
    else await this.#load();
  }

  async #changeSettings(patch: Partial<Settings>): Promise<void> {
    const { armed } = await this.#files.changeSettings(patch);
    if (patch.armed !== undefined) this.#armedHere = armed;
    await this.#load();
  }

  async #load(): Promise<void> {
    this.#contents = await this.#files.read(this.#contents);
    this.#takeArming();
    this.#choosePlan();
    for (const slice of ['plan', 'hosts', 'settings'] as const) this.#deps.changed(slice);
  }

  #takeArming(): void {
    const { settings, refusedSettings } = this.#contents;
    if (this.#deps.isArmedElsewhere) this.#armedHere = armedElsewhere(this.#armedHere, settings.armed);
    else if (!this.#settingsRead) this.#armedHere = settings.armed;
    // What stands in the place of a refused file is nobody's word.
    this.#settingsRead ||= refusedSettings === null;
  }

  #choosePlan(): void {
    const told = this.#plan.lostArming?.what;
    const { sequences, refusedSequences, settings, hosts } = this.#contents;
    // What was armed before it was bound to what tells of the power is bound to it as it is found.
    if (this.#armedHere && this.#suppliesHash !== null)
      this.#armedHere = { suppliesHash: this.#suppliesHash, ...this.#armedHere };
    const read = { sequences, refused: refusedSequences, hosts, settings };
    this.#plan = choosePlan({ ...read, armedHere: this.#armedHere, suppliesHash: this.#suppliesHash });
    this.#planView = this.#viewPlan();
    const { stored, armed, lostArming } = this.#plan;
    this.#deps.engine.setPlan(stored && { ...stored, armed }, [...hosts]);
    if (lostArming && lostArming.what !== told) this.#tellLostArming(`${lostArming.what} ${lostArming.remedy}`);
  }

  #viewPlan(): PlanView {
    const { stored, armed, lostArming } = this.#plan;
    const { refusedSequences, refusedSettings } = this.#contents;
    const checked = stored ? this.check(stored.sequence) : unchecked;
    return {
      sequence: stored?.sequence ?? null,
      hash: stored?.hash ?? '',
      armed,
      checked: { ...checked, problems: lostArming ? [lostArming, ...checked.problems] : checked.problems },
      refused: [...refusedSequences, ...(refusedSettings ? [refusedSettings] : [])],
    };
  }

  #tellLostArming(body: string): void {
    const title = 'The plan is no longer armed';
    this.#deps.notifier.notify({ category: 'failure', urgency: 'critical', title, body });
  }

  #requireSound(sequence: Sequence, remedy: string): void {
    const errors = this.check(sequence).problems.filter((problem) => problem.severity === 'error');
    const [first] = errors;
    if (!first) return;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw refused(sequence.name, `It has errors, so it cannot be armed: ${first.what}${more}`, remedy);
  }
}

/** What names no UPS servers stays bound to those that it was first found with. */
function armedElsewhere(here: Settings['armed'], said: Settings['armed']): Settings['armed'] {
  const isSame = here && said && said.hash === here.hash && said.hostsHash === here.hostsHash;
  return isSame && said.suppliesHash === undefined ? here : said;
}

function refused(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'refused', what, where, remedy });
}
