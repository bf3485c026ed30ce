import { FaultError } from '../../shared/fault.ts';
import type { Host, HostKey } from '../../shared/inventory.ts';
import type { ParsedInput } from '../../shared/ipc.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan, HostsView, PlanView, SettingsView } from '../../shared/view.ts';
import type { Engine } from '../core/engine.ts';
import type { Notifier } from '../core/ports.ts';
import type { Secrets } from '../storage/secrets.ts';
import type { Settings } from '../storage/settings-file.ts';
import { type ActivePlan, choosePlan } from './active-plan.ts';
import { credentialOf, usesHost, withHost, withKey } from './host-edits.ts';
import { pastTheLine } from './quit-rule.ts';
import { Turns } from './turns.ts';
import { type Contents, noContents, UserFiles } from './user-files.ts';

export interface WorkspaceDeps {
  dataFolder: string;
  version: string;
  engine: Pick<Engine, 'check' | 'setPlan' | 'run'>;
  secrets: Pick<Secrets, 'ids' | 'set' | 'remove' | 'isStrong'>;
  notifier: Notifier;
  changed(what: 'plan' | 'hosts' | 'settings'): void;
}

const unchecked: CheckedPlan = { problems: [], needs: 0, steps: [] };

/** What the user owns, as the files hold it, and which plan is armed. Whatever changes it takes its turn. */
export class Workspace {
  readonly #deps: WorkspaceDeps;
  readonly #files: UserFiles;
  readonly #turns = new Turns();
  #contents: Contents = noContents;
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

  hosts(): HostsView {
    const { hosts, secretIds, refusedHosts } = this.#contents;
    return {
      hosts: hosts.map((host) => ({ host, hasSecret: secretIds.has(host.id) })),
      keychainIsStrong: this.#deps.secrets.isStrong,
      refused: refusedHosts,
    };
  }

  settings(): SettingsView {
    const { startAtLogin, theme } = this.#contents.settings;
    return { startAtLogin, theme, version: this.#deps.version, dataFolder: this.#deps.dataFolder };
  }

  get closeNoticeShown(): boolean {
    return this.#contents.settings.closeNoticeShown;
  }

  check(sequence: Sequence): CheckedPlan {
    return this.#deps.engine.check(sequence, this.#contents.hosts);
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
      const arming = staysArmed ? { armed: { sequenceId: sequence.id, hash } } : {};
      await this.#changeSettings({ activeSequence: sequence.id, ...arming });
      return hash;
    });
  }

  /** @throws FaultError `refused` when the plan has errors, or is not the one that was shown */
  arm(hash: string): Promise<void> {
    return this.#turns.take(async () => {
      this.requireCurrent(hash);
      const sequence = this.#plan.stored?.sequence;
      if (!sequence) throw refused('plan', 'There is no plan.', 'Make a plan first.');
      this.#requireSound(sequence, 'Correct them first.');
      await this.#changeSettings({ activeSequence: sequence.id, armed: { sequenceId: sequence.id, hash } });
    });
  }

  /** @throws FaultError `refused` while a shutdown is past its point of no return */
  disarm(): Promise<void> {
    return this.#turns.take(async () => {
      if (pastTheLine(this.#deps.engine.run())) {
        throw refused('plan', 'The shutdown passed its point of no return.', 'Wait until it has ended.');
      }
      await this.#changeSettings({ armed: null });
    });
  }

  saveHost(host: Host): Promise<void> {
    return this.#turns.take(() => this.#changeHosts((hosts) => withHost(hosts, host)));
  }

  /** Forgets its secret too. @throws FaultError `refused` while an armed plan or a run needs it */
  removeHost(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const { name } = this.host(id);
      const { stored, armed } = this.#plan;
      if (armed && stored && usesHost(stored.sequence, id)) {
        throw refused(name, `It is used by “${stored.sequence.name}”, which is armed.`, 'Disarm the plan first.');
      }
      const run = this.#deps.engine.run();
      if (run && run.phase !== 'ended' && usesHost(run.sequence, id)) {
        throw refused(name, 'It is used by the run that is going on.', 'Wait until it has ended.');
      }
      await this.#deps.secrets.remove(id);
      await this.#changeHosts((hosts) => hosts.filter((each) => each.id !== id));
    });
  }

  /** @throws FaultError when the keychain refuses */
  setSecret(id: string, secret: string, passphrase: string): Promise<void> {
    return this.#turns.take(async () => {
      await this.#deps.secrets.set(id, credentialOf(this.host(id), secret, passphrase));
      await this.#load();
    });
  }

  pinKey(id: string, key: HostKey): Promise<void> {
    return this.#turns.take(() => {
      this.host(id);
      return this.#changeHosts((hosts) => withKey(hosts, id, key));
    });
  }

  saveSettings(patch: ParsedInput<'settings.save'> | { closeNoticeShown: true }): Promise<void> {
    return this.#turns.take(() => this.#changeSettings(patch));
  }

  async #changeHosts(change: (hosts: Host[]) => Host[]): Promise<void> {
    await this.#files.changeHosts(change);
    await this.#load();
  }

  async #changeSettings(patch: Partial<Settings>): Promise<void> {
    await this.#files.changeSettings(patch);
    await this.#load();
  }

  async #load(): Promise<void> {
    const { engine, changed } = this.#deps;
    const told = this.#plan.lostArming?.what;
    this.#contents = await this.#files.read(this.#contents);
    const { sequences, refusedSequences, settings, hosts } = this.#contents;
    this.#plan = choosePlan(sequences, refusedSequences, settings);
    this.#planView = this.#viewPlan();
    const { stored, armed, lostArming } = this.#plan;
    engine.setPlan(stored && { ...stored, armed }, [...hosts]);
    if (lostArming && lostArming.what !== told) this.#tellLostArming(`${lostArming.what} ${lostArming.remedy}`);
    for (const slice of ['plan', 'hosts', 'settings'] as const) changed(slice);
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

function refused(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'refused', what, where, remedy });
}
