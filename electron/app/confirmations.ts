import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { ParsedInput, RequestName } from '../../shared/ipc.ts';
import { platforms, proofNoun } from '../../shared/platforms.ts';
import type { RunView } from '../../shared/run.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { shownFingerprint } from '../../shared/shown-fingerprint.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { withOutlet } from '../../shared/ups-command.ts';
import type { HostView, PlanView, PowerView, SuppliesView } from '../../shared/view.ts';
import { count } from '../../shared/words.ts';
import {
  changesHost,
  hostsHash,
  outdatedSecrets,
  standsElsewhere,
  stepsFor,
  usesHost,
  withHost,
  withKey,
} from '../brain/host-edits.ts';
import type { BoundQuestion, Question } from '../brain/questions.ts';
import { suppliesHash } from '../brain/supply-edits.ts';
import { namesText, oneLine } from '../brain/words.ts';
import { expand } from '../core/plan/expand.ts';
import { contentHash } from '../storage/content-hash.ts';
import { sequenceHash } from '../storage/sequence-hash.ts';
import { channelSaveQuestion } from './channel-questions.ts';
import {
  forgetQuestion,
  serverRemoveQuestion,
  serverSaveQuestion,
  upsCommandQuestion,
  upsSaveQuestion,
} from './supply-questions.ts';

/** What a request would change is measured against this. */
export interface Known {
  plan: PlanView;
  hosts: readonly HostView[];
  supplies: Pick<SuppliesView, 'servers' | 'known'>;
  powers: readonly PowerView[];
  run: RunView | null;
}

type Asks = { [N in RequestName]: (input: ParsedInput<N>, known: Known) => Question | null };

const freely = () => null;

/**
 * For every request, the question that stands before it: wherever machines may be switched off by it now or later, or
 * stay on when they should not. Each is decided by what would change, since a name tells nothing of that.
 */
const asks: Asks = {
  snapshot: freely,
  'plan.check': freely,
  'plan.save': ({ sequence }, { plan, hosts, powers }) => {
    if (!plan.armed || plan.sequence?.id !== sequence.id || sequenceHash(sequence) === plan.hash) return null;
    const { many, list } = machines(sequence, hosts);
    return {
      message: 'Save the armed plan?',
      detail: `“${sequence.name}” stays armed as you have changed it. When the battery runs low, Glidepath will act on ${many} without asking again: ${list}.${turnedOff(sequence, powers)}`,
      button: 'Save',
    };
  },
  'plan.arm': ({ hash }, { plan, hosts, powers }) => {
    const sequence = current(hash, plan);
    const { many, list } = machines(sequence, hosts);
    return {
      message: `Arm “${sequence.name}”?`,
      detail: `When the battery runs low, Glidepath will act on ${many} without asking again: ${list}. Their services stop and guests are shut down.${turnedOff(sequence, powers)}`,
      button: 'Arm',
    };
  },
  'plan.disarm': ({ hash }, { plan, hosts }) => {
    if (!plan.armed) return null;
    const sequence = current(hash, plan);
    return {
      message: `Disarm “${sequence.name}”?`,
      detail: `No one will shut down ${machines(sequence, hosts).list} when the battery runs low.`,
      button: 'Disarm',
    };
  },
  'run.start': ({ hash }, { plan, hosts, powers }) => {
    const sequence = current(hash, plan);
    const { many, list } = machines(sequence, hosts);
    return {
      message: `Shut down ${many} now?`,
      detail: `“${sequence.name}” will act at once on: ${list}. Their services stop and guests are shut down.${turnedOff(sequence, powers, !powers.some(isOnBattery))} It can be stopped until stage “${lineName(sequence)}” begins.`,
      button: 'Shut down now',
    };
  },
  'run.cancel': freely,
  'run.read': freely,
  // What it leaves out stays on: nothing more is switched off by it.
  'run.skip': freely,
  'run.postpone': freely,
  'plan.simulate': freely,
  'rehearsal.start': freely,
  'rehearsal.stop': freely,
  'rehearsal.read': freely,
  'durations.export': freely,
  'hosts.save': ({ host }, known) => {
    const hosts = plain(known.hosts);
    const old = hosts.find(({ id }) => id === host.id);
    if (!changesHost(hosts, withHost(hosts, host), host.id)) return null;
    const command = host.powerOffCommand ?? platforms[host.kind].powerOff;
    const outdated = old ? outdatedSecrets(old, host) : [];
    const off = command === null ? '' : ` It is powered off by “${oneLine(command, 500)}”.`;
    const also = [
      off,
      old && standsElsewhere(old, host)
        ? ` Its ${proofNoun(host.kind)} must be confirmed again before anything is sent to it.`
        : '',
      outdated.includes('login') ? ' What is kept to sign in to it is forgotten.' : '',
      outdated.some((slot) => slot !== 'login') ? ' What is kept to wake it is forgotten.' : '',
      fedOtherwise(old, host, known.supplies.known),
      dependsOtherwise(old, host, hosts),
      doneOtherwise(host.id, withHost(hosts, host), known),
    ];
    return hostQuestion(
      host,
      withHost(hosts, host),
      known,
      `will be reached as ${host.user}@${host.address}:${host.port}${through(old, host, hosts)}.${also.join('')}`,
    );
  },
  // Refused anyhow while an armed plan or a run needs the host.
  'hosts.remove': freely,
  // A secret changes nothing that would be done, only whether the host lets it be done.
  'hosts.setSecret': freely,
  'hosts.readKey': freely,
  'hosts.pinKey': ({ id, of, key }, known) => {
    const hosts = plain(known.hosts);
    const host = hosts.find((each) => each.id === id);
    if (!host || !changesHost(hosts, withKey(hosts, id, key, of), id)) return null;
    const whose = of === 'bmc' ? 'will be woken by its management controller, which' : '';
    return hostQuestion(
      host,
      hosts,
      known,
      `${whose} will be trusted by the ${key.type === 'x509' ? 'certificate' : `${key.type} key`} ${shownFingerprint(key)}.`.trim(),
    );
  },
  'servers.save': serverSaveQuestion,
  'servers.remove': serverRemoveQuestion,
  // As with a host's secret.
  'servers.setPassword': freely,
  'servers.readCertificate': freely,
  'channels.save': channelSaveQuestion,
  // Nothing is switched off or left on by it.
  'channels.remove': freely,
  'channels.setSecret': freely,
  'channels.test': freely,
  'ups.save': upsSaveQuestion,
  'ups.forget': forgetQuestion,
  'ups.command': upsCommandQuestion,
  'ups.details': freely,
  'history.read': freely,
  'settings.save': freely,
};

/**
 * The question before a request, bound to all that its words stand for; null when it needs none.
 * @throws FaultError `refused` when there is no plan, or another one than is meant by now
 */
export function questionFor<N extends RequestName>(name: N, input: ParsedInput<N>, known: Known): BoundQuestion | null {
  const question = asks[name](input, known);
  if (!question) return null;
  const { plan, hosts, run, supplies } = known;
  const used = plan.sequence && hostsHash(plan.sequence, plain(hosts));
  const told = suppliesHash({ servers: supplies.servers.map(({ server }) => server), supplies: supplies.known });
  const basis = [question, plan.hash, plan.armed, used, told, liveRun(run)?.runId ?? null];
  return { ...question, basis: JSON.stringify(basis) };
}

const plain = (hosts: readonly HostView[]): Host[] => hosts.map(({ host }) => host);
const liveRun = (run: RunView | null): RunView | null => (run && run.phase !== 'ended' ? run : null);

/** The hosts between, and what it is taken for: through whom and how it is commanded. */
function through(old: Host | undefined, { jump, kind, managedBy }: Host, hosts: readonly Host[]): string {
  const nameOf = (id: string): string => hosts.find((each) => each.id === id)?.name ?? oneLine(id);
  return [
    jump === undefined ? '' : ` through ${nameOf(jump)}`,
    old && old.kind !== kind ? `, as ${platforms[kind].label}` : '',
    old && old.managedBy !== managedBy
      ? `, managed by ${managedBy === undefined ? 'no other host' : nameOf(managedBy)}`
      : '',
  ].join('');
}

/** It decides when the host's power is taken to fail. */
function fedOtherwise(old: Host | undefined, { fedBy, runsOn }: Host, known: Known['supplies']['known']): string {
  if (!old || contentHash(old.fedBy) === contentHash(fedBy)) return '';
  if (fedBy.upses.length === 0)
    return runsOn === undefined ? ' It is taken to be fed by every UPS.' : ' It has the power of what it runs on.';
  const names = fedBy.upses.map((id) => known.find((each) => each.id === id)?.name ?? oneLine(id));
  const need =
    fedBy.upses.length === 1 ? '' : fedBy.need === 'any' ? ', any of which is enough' : ', all of which it needs';
  return ` It is fed by ${names.join(', ')}${need}.`;
}

/** It decides with whom the host goes down, and in which order. */
function dependsOtherwise(old: Host | undefined, host: Host, hosts: readonly Host[]): string {
  if (!old) return '';
  const own = host.isThisComputer ? ' It is the computer on which Glidepath runs.' : '';
  const said = own || ' It is not the computer on which Glidepath runs.';
  const is = old.isThisComputer === host.isThisComputer ? '' : said;
  const carriersOf = ({ uses, runsOn }: Host) => (runsOn === undefined ? uses : [...uses, runsOn]);
  if (contentHash([...carriersOf(old)].sort()) === contentHash([...carriersOf(host)].sort())) return is;
  const names = carriersOf(host).map((id) => hosts.find((each) => each.id === id)?.name ?? oneLine(id));
  return `${is} ${names.length === 0 ? 'It depends on no other host.' : `It goes down with ${namesText(names, 12)}.`}`;
}

/** What the armed plan does on the host, if that is something else than before: its tags and its kind decide it. */
function doneOtherwise(id: string, after: Host[], { plan, hosts }: Known): string {
  if (!plan.armed || !plan.sequence) return '';
  const sequence = plan.sequence;
  const stepsIn = (list: Host[]) => stepsFor(sequence, id, list);
  const [before, now] = [stepsIn(plain(hosts)), stepsIn(after)];
  if (contentHash(before.map((step) => step.id)) === contentHash(now.map((step) => step.id))) return '';
  if (now.length === 0) return ' The plan does nothing on it any more: it is neither shut down nor brought back.';
  return ` What the plan does on it: ${namesText([...new Set(now.map(({ kind }) => stepKinds[kind].label))], 12)}.`;
}

/**
 * `after`: the hosts as they would be: a new tag can bring a host into the armed plan. `what`: what becomes of the host,
 * after its name.
 */
function hostQuestion({ id, name }: Host, after: Host[], { plan, hosts, run }: Known, what: string): Question | null {
  const button = 'Change';
  const sequence = plan.sequence ?? undefined;
  const isUsed = usesHost(sequence, id, plain(hosts));
  if (plan.armed && sequence && !isUsed && usesHost(sequence, id, after)) {
    const detail = `${name} comes under “${sequence.name}”, which is armed: Glidepath will act on it without asking again. It ${what}`;
    return { message: 'Bring a host under the armed plan?', detail, button };
  }
  if (plan.armed && sequence && isUsed) {
    const detail = `${name} ${what} “${sequence.name}” stays armed.`;
    return { message: 'Change a host of the armed plan?', detail, button };
  }
  if (!usesHost(liveRun(run)?.sequence, id, run?.hosts ?? [])) return null;
  const detail = `${name} ${what} The run that is going on needs it.`;
  return { message: 'Change a host that a run needs?', detail, button };
}

function current(hash: string, { sequence, hash: now }: PlanView): Sequence {
  if (sequence && now === hash) return sequence;
  throw new FaultError({
    code: 'refused',
    what: sequence ? 'The plan has been changed since it was shown.' : 'There is no plan.',
    where: sequence?.name ?? 'plan',
    remedy: 'Look at the plan as it is now.',
  });
}

/** The machines from which the way down takes something away, in the order in which it comes to them. */
function machines(authored: Sequence, hosts: readonly HostView[]): { many: string; list: string } {
  const { sequence } = expand(authored, plain(hosts));
  const names = new Map(hosts.map(({ host }) => [host.id, host.name]));
  const steps = sequence.stages.flatMap((stage) => stage.steps).filter((step) => stepKinds[step.kind].destructive);
  const targets = [...new Set(steps.flatMap((step) => ('target' in step ? [step.target] : [])))];
  const list = targets.map((id) => names.get(id) ?? id);
  return { many: count(targets.length, 'machine'), list: namesText(list, 12) };
}

const isOnBattery = ({ state }: PowerView): boolean => state === 'battery' || state === 'low';

/**
 * The UPSes that the way down turns off, and which of them, as `keptOn` has it.
 * @param onMains for a run that is begun by hand on mains
 */
function turnedOff({ stages }: Sequence, powers: readonly PowerView[], onMains = false): string {
  const steps = stages.flatMap((stage) => stage.steps);
  const nameOf = (id: string): string => oneLine(powers.find(({ ups }) => ups.id === id)?.ups.name ?? id);
  const names = [
    ...new Set(steps.flatMap((step) => (step.kind === 'ups-off' ? [withOutlet(nameOf(step.ups), step.outlet)] : []))),
  ];
  if (names.length === 0) return '';
  const [turn, has, cut, feed] =
    names.length === 1 ? ['turns', 'it has', 'cuts', 'it feeds'] : ['turn', 'they have', 'cut', 'they feed'];
  const how = onMains ? `once nothing that ${feed} is on` : `if ${has} failed, and ${cut} what is still on`;
  return ` Then ${namesText(names, 12)} ${turn} off ${how}.`;
}

function lineName(sequence: Sequence): string {
  return sequence.stages.find((stage) => stage.id === sequence.pointOfNoReturn)?.name ?? sequence.pointOfNoReturn;
}
