import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { ParsedInput } from '../../shared/ipc.ts';
import type { RunView } from '../../shared/run.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { KnownSupply, UpsServer } from '../../shared/supplies.ts';
import { cutsPower, type Offer, type Order, realDelay } from '../../shared/ups-command.ts';
import type { PowerView } from '../../shared/view.ts';
import { usesHost } from '../brain/host-edits.ts';
import type { Question } from '../brain/questions.ts';
import { fedByUps, needsNewPassword, withMovedServer } from '../brain/supply-edits.ts';
import { namesText, oneLine, sentencesText } from '../brain/words.ts';
import { contentHash } from '../storage/content-hash.ts';
import type { Known } from './confirmations.ts';

/** Names in a list. */
const mostNames = 12;

/** Switching commands on is asked about, naming the device by what it says itself: its name is the window's to choose. */
export function upsSaveQuestion({ supply }: ParsedInput<'ups.save'>, known: Known): Question | null {
  const old = known.supplies.known.find(({ id }) => id === supply.id);
  const meaning = meaningText(old?.dischargeIsOutage ?? false, supply.dischargeIsOutage ?? false);
  if (!supply.commandsAllowed || old?.commandsAllowed) {
    return meaning ? dependsQuestion(known, `Read “${supply.name}” otherwise?`, [meaning], 'Change') : null;
  }
  const power = known.powers.find(({ ups }) => ups.id === supply.id);
  return {
    message: `Allow commands to “${supply.name}”?`,
    detail: sentencesText(
      power ? identity(power, supply.name) : `Its id is ${oneLine(supply.id, 200)}`,
      'Glidepath may then tell it to test its battery, to be silent, and to switch its outlets off',
      fedText(known.hosts, supply.id),
      'You are asked again each time before its outlets are switched off',
      meaning,
    ),
    button: 'Allow',
  };
}

function meaningText(before: boolean, now: boolean): string {
  if (before === now) return '';
  return now
    ? 'It counts as on battery whenever it discharges, whatever it says of the mains'
    : 'It counts as on mains while it says so, also when it discharges';
}

/** @throws FaultError `refused` when it would not be sent anyhow */
export function upsCommandQuestion({ upsId, order }: ParsedInput<'ups.command'>, known: Known): Question | null {
  if (!cutsPower(order.command) && order.command !== 'test.battery.start.deep') return null;
  const { power, supply, offer } = requireOffer(upsId, order, known);
  if (cutsPower(order.command)) {
    const back = order.command === 'shutdown.return' ? 'on again when the mains are back' : 'and off they stay';
    return {
      message: `Switch off the outlets of “${supply.name}”?`,
      detail: sentencesText(
        identity(power, supply.name),
        `Its outlets go off ${delayText(offer, order)}, ${back}`,
        cutText(known, upsId),
        offer.note,
      ),
      button: 'Switch off',
    };
  }
  return {
    message: `Discharge “${supply.name}” for a test?`,
    detail: sentencesText(
      identity(power, supply.name),
      'It runs from its battery until that is nearly empty. If the mains fail meanwhile or soon after, little time is left to shut anything down',
      fedText(known.hosts, upsId),
      offer.note,
    ),
    button: 'Discharge',
  };
}

interface Ordered {
  power: PowerView;
  supply: KnownSupply;
  offer: Offer;
}

function requireOffer(upsId: string, { command }: Order, { supplies, powers }: Known): Ordered {
  const supply = supplies.known.find(({ id }) => id === upsId);
  const power = powers.find(({ ups }) => ups.id === upsId);
  const offer = power?.ups.offers.find((each) => each.command === command);
  if (supply?.commandsAllowed && power && offer) return { power, supply, offer };
  throw new FaultError({
    code: 'refused',
    what: supply?.commandsAllowed ? `It does not take the command ${command}.` : 'Commands to it are not allowed.',
    where: supply?.name ?? upsId,
    remedy: supply?.commandsAllowed ? 'Choose one that it offers.' : 'Allow them first.',
  });
}

/** What tells of the power can start and end what is armed: any change of it is asked about then. */
export function serverSaveQuestion({ server }: ParsedInput<'servers.save'>, known: Known): Question | null {
  const old = known.supplies.servers.find((each) => each.server.id === server.id)?.server ?? null;
  if (contentHash(old) === contentHash(server)) return null;
  const from = old && serverText(old) !== serverText(server) ? `${serverText(old)} becomes ${serverText(server)}` : '';
  const password = old && needsNewPassword(old, server) ? 'The password that is kept for it is forgotten' : '';
  const what = from || `${serverText(server)} will be asked about its UPSes`;
  const moved = old && withMovedServer(known.supplies.known, old, server).moves.length > 0;
  const move = moved ? 'Its UPSes are taken to be the same there; commands to them must be allowed anew' : '';
  return dependsQuestion(known, 'Change a UPS server?', [what, password, move], 'Change');
}

export function serverRemoveQuestion({ id }: ParsedInput<'servers.remove'>, known: Known): Question | null {
  const old = known.supplies.servers.find(({ server }) => server.id === id)?.server;
  if (!old) return null;
  return dependsQuestion(known, 'Remove a UPS server?', [`Nobody asks ${serverText(old)} any more`], 'Remove');
}

export function forgetQuestion({ upsId }: ParsedInput<'ups.forget'>, known: Known): Question | null {
  const supply = known.supplies.known.find(({ id }) => id === upsId);
  const sequence = dependent(known);
  if (!supply || !sequence) return null;
  const plain = known.hosts.map(({ host }) => host);
  const fed = known.hosts.filter(({ host }) => usesHost(sequence, host.id, plain) && host.fedBy.upses.includes(upsId));
  const isLast = known.supplies.known.every(({ id }) => id === upsId);
  if (fed.length === 0 && !isLast) return null;
  const names = namesText(
    fed.map(({ host }) => host.name),
    mostNames,
  );
  const what = [
    `“${supply.name}” is not missed any more`,
    fed.length > 0 ? `It feeds ${names}` : '',
    isLast ? 'It is the only UPS there is' : '',
  ];
  return dependsQuestion(known, `Forget “${supply.name}”?`, what, 'Forget');
}

function dependsQuestion(known: Known, message: string, what: string[], button: string): Question | null {
  const sequence = dependent(known);
  if (!sequence) return null;
  const why = known.plan.armed ? `“${sequence.name}” is armed and goes by what the UPSes tell` : 'A run is going on';
  return { message, detail: sentencesText(...what, why), button };
}

/** The sequence that may act on what the UPSes tell: the armed one, or the one that runs. */
function dependent({ plan, run }: Known): Sequence | null {
  if (plan.armed && plan.sequence) return plan.sequence;
  return isLive(run) ? run.sequence : null;
}

const isLive = (run: RunView | null): run is RunView => run !== null && run.phase !== 'ended';

function serverText(server: UpsServer): string {
  const kind = server.kind === 'nut' ? 'NUT' : 'apcupsd';
  const user = server.kind === 'nut' && server.user !== '' ? `${server.user}@` : '';
  const secure =
    server.kind !== 'nut' ? '' : server.certificate ? `, certificate ${server.certificate}` : ', not encrypted';
  return `${kind} ${user}${server.address}:${server.port}${secure}`;
}

/** `name`: what the user calls it, which stands in the question already. */
function identity({ ups }: PowerView, name: string): string {
  const serial = ups.serial ? `serial number ${ups.serial}` : '';
  const told = [ups.manufacturer, ups.name === name ? '' : ups.name, serial, ups.via].filter((each) => each !== '');
  return `It says of itself: ${told.map((each) => oneLine(each)).join(', ')}`;
}

function delayText({ delay }: Offer, order: Order): string {
  if (!delay || order.delay === null) return 'after a delay that it does not tell, or at once';
  const seconds = realDelay(delay, order.delay);
  return seconds === order.delay ? `after ${seconds} s` : `after ${seconds} s (${order.delay} s were asked for)`;
}

function fedText(hosts: Known['hosts'], upsId: string): string {
  const fed = fedByUps(
    hosts.map(({ host }) => host),
    upsId,
  ).map(hostText);
  return fed.length === 0 ? 'No host that Glidepath knows is fed by it' : `It feeds ${namesText(fed, mostNames)}`;
}

function cutText({ hosts, run }: Known, upsId: string): string {
  const off = provenOff(run);
  const fed = fedByUps(
    hosts.map(({ host }) => host),
    upsId,
  );
  const on = fed.filter((host) => !off.has(host.id));
  if (fed.length === 0) return 'No host that Glidepath knows is fed by it';
  if (on.length === 0) return 'Every host that it feeds is proven off';
  return `Not proven off, and cut hard: ${namesText(on.map(hostText), mostNames)}`;
}

function hostText({ name, fedBy }: Host): string {
  if (fedBy.upses.length === 0) return `${name} (what feeds it is not entered)`;
  return fedBy.upses.length > 1 && fedBy.need === 'any' ? `${name} (if nothing else feeds it)` : name;
}

/** Of a run that has not begun to bring anything back: what was off in an ended one may be on again by now. */
function provenOff(run: RunView | null): ReadonlySet<string> {
  if (!isLive(run) || run.phase === 'return') return new Set();
  const steps = run.sequence.stages.flatMap((stage) => stage.steps);
  const isOff = (id: string) => ['done', 'already'].includes(run.steps[id]?.state ?? 'waiting');
  return new Set(steps.flatMap((step) => (step.kind === 'power-off' && isOff(step.id) ? [step.target] : [])));
}
