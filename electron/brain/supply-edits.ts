import { asFed } from '../../shared/as-fed.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import type { KnownSupply, SuppliesFile, UpsServer } from '../../shared/supplies.ts';
import type { PowerView } from '../../shared/view.ts';
import { contentHash } from '../storage/content-hash.ts';
import { oneLine } from './words.ts';

/** As many as the file takes. */
export const mostSupplies = 50;
export const mostServers = 20;

/** A UPS that was known by the port it hung on, or by its server's address, and goes by another one now. */
export interface Move {
  from: string;
  to: string;
}

/**
 * The UPSes of the rack with those that are there and were not known. One without a serial number is known by its make
 * and port (`make@port`): when one of the same make is gone, it is that one, plugged in elsewhere. It keeps its name;
 * commands are allowed of it anew, since only a serial number would prove that it is the same. `allFound`: what is not
 * among the powers is gone; before that, as at the start, such a one is left for later.
 */
export function withMet(
  known: readonly KnownSupply[],
  powers: readonly PowerView[],
  allFound: boolean,
): { supplies: KnownSupply[]; moves: Move[] } {
  const supplies = [...known];
  const moves: Move[] = [];
  for (const { ups, state } of powers) {
    if (state === 'lost-contact' || supplies.some(({ id }) => id === ups.id)) continue;
    const gone = supplies.findIndex(({ id }) => sameMake(id, ups.id) && !powers.some((each) => each.ups.id === id));
    const old = supplies[gone];
    if (old && !allFound) continue;
    if (old) {
      supplies[gone] = { ...old, id: ups.id, commandsAllowed: false };
      moves.push({ from: old.id, to: ups.id });
    } else if (supplies.length < mostSupplies) {
      supplies.push({ id: ups.id, name: supplyName(ups.name), commandsAllowed: false });
    }
  }
  return { supplies, moves };
}

/** At a server's UPS the `@` means something else. */
const sameMake = (a: string, b: string): boolean =>
  a.startsWith('hid:') && a.includes('@') && a.split('@')[0] === b.split('@')[0];

/** What a device calls itself, fit to be a name. */
function supplyName(text: string): string {
  return oneLine(text).trim() || 'UPS';
}

/**
 * The supplies with those of a server under the ids that they have at its new place. As elsewhere, commands are allowed
 * of them anew. One whose new id is too long to hold its name as text is not followed.
 */
export function withMovedServer(
  known: readonly KnownSupply[],
  old: UpsServer,
  now: UpsServer,
): { supplies: KnownSupply[]; moves: Move[] } {
  const [before, after] = [placeId(old), placeId(now)];
  const moves =
    old.kind !== now.kind || before === after
      ? []
      : known
          .filter(({ id }) => id === before || id.startsWith(`${before}/`))
          .map(({ id }) => ({ from: id, to: after + id.slice(before.length) }))
          .filter(({ to }) => to.length <= 200);
  const newIds = new Map(moves.map(({ from, to }) => [from, to]));
  const supplies = known
    // What is known at the new place already stays as it is.
    .filter(({ id }) => !known.some((each) => each.id === newIds.get(id)))
    .map((supply) => {
      const id = newIds.get(supply.id);
      return id === undefined ? supply : { ...supply, id, commandsAllowed: false };
    });
  return { supplies, moves };
}

/** What the ids of its UPSes begin with. */
const placeId = ({ kind, address, port }: UpsServer): string => `${kind}:${address}:${port}`;

/**
 * Of what tells of the power, as a plan is armed by it: the servers, and what the user has said of UPSes beyond their
 * names. A UPS that is only met changes nothing of it.
 */
export function suppliesHash({ servers, supplies }: Pick<SuppliesFile, 'servers' | 'supplies'>): string {
  const said = supplies.filter(({ commandsAllowed, dischargeIsOutage }) => commandsAllowed || dischargeIsOutage);
  return contentHash([
    Object.fromEntries(servers.map((server) => [server.id, server])),
    Object.fromEntries(said.map(({ name: _name, ...rest }) => [rest.id, rest])),
  ]);
}

/** What is kept to sign in to it does not fit any more, or would go where it was not meant to go. */
export function needsNewPassword(old: UpsServer, now: UpsServer): boolean {
  if (old.kind !== 'nut') return false;
  if (now.kind !== 'nut') return true;
  const inTheClear = old.certificate !== null && now.certificate === null;
  return old.address !== now.address || old.port !== now.port || old.user !== now.user || inTheClear;
}

/** The hosts that may go down with this UPS: one whose supply nothing names hangs on any. */
export const fedByUps = (hosts: readonly Host[], upsId: string): Host[] =>
  asFed(hosts).filter(({ fedBy }) => fedBy.upses.length === 0 || fedBy.upses.includes(upsId));

/** The host with the UPS under its new id; the same object when it names no such UPS. */
export function withMovedUps(host: Host, moves: readonly Move[]): Host {
  const moved = host.fedBy.upses.map((id) => moves.find(({ from }) => from === id)?.to ?? id);
  const upses = [...new Set(moved)];
  const isSame = moved.every((id, index) => id === host.fedBy.upses[index]);
  return isSame ? host : { ...host, fedBy: { ...host.fedBy, upses } };
}

/** The sequence with the UPSes that it turns off under their new ids; the same object when it turns off no such UPS. */
export function withMovedOffs(sequence: Sequence, moves: readonly Move[]): Sequence {
  const newIds = new Map(moves.map(({ from, to }) => [from, to]));
  const isMoved = (step: Step) => step.kind === 'ups-off' && newIds.has(step.ups);
  const { stages, returnStages } = sequence;
  if (![...stages, ...returnStages].some((stage) => stage.steps.some(isMoved))) return sequence;
  const moved = (stage: Stage): Stage => ({
    ...stage,
    steps: stage.steps.map((step) =>
      step.kind === 'ups-off' ? { ...step, ups: newIds.get(step.ups) ?? step.ups } : step,
    ),
  });
  return { ...sequence, stages: stages.map(moved), returnStages: returnStages.map(moved) };
}
