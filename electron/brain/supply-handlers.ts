import { FaultError } from '../../shared/fault.ts';
import type { HistoryPoint } from '../../shared/history.ts';
import type { UpsServer } from '../../shared/supplies.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { PowerView } from '../../shared/view.ts';
import type { Engine } from '../core/engine.ts';
import type { Handlers } from './handlers.ts';
import type { SupplyBook } from './supply-book.ts';

export interface SupplyHandlerDeps {
  engine: Pick<Engine, 'status' | 'command' | 'details'>;
  supplies: SupplyBook;
  /** @throws FaultError when the server does not answer, or does not speak TLS */
  readCertificate(address: string, port: number): Promise<{ fingerprint: string }>;
  readHistory(upsId: string, from: number, to: number): Promise<HistoryPoint[]>;
  /** `sentence`: what the UPS will do. */
  commandSent(upsId: string, order: Order, sentence: string): void;
}

type SupplyRequest = Extract<keyof Handlers, `servers.${string}` | `ups.${string}` | 'history.read'>;

const nothing = () => null;
const placeOf = ({ address, port }: Pick<UpsServer, 'address' | 'port'>) => `${address}:${port}`;

/** The requests about UPSes and UPS servers. */
export function createSupplyHandlers(deps: SupplyHandlerDeps): Pick<Handlers, SupplyRequest> {
  const { engine, supplies, readCertificate, readHistory, commandSent } = deps;
  /** What each server showed when it was last asked, by its address and port. */
  const shown = new Map<string, string>();
  return {
    'servers.save': ({ server }) => {
      requireShown(server, supplies.servers, shown);
      return supplies.saveServer(server).then(nothing);
    },
    'servers.remove': ({ id }) => supplies.removeServer(id).then(nothing),
    'servers.setPassword': ({ id, password }) => supplies.setPassword(id, password).then(nothing),
    'servers.readCertificate': async ({ address, port }) => {
      const place = placeOf({ address, port });
      shown.delete(place);
      const certificate = await readCertificate(address, port);
      shown.set(place, certificate.fingerprint);
      return certificate;
    },
    'ups.save': ({ supply }) => supplies.saveSupply(supply).then(nothing),
    'ups.forget': ({ upsId }) => {
      requireGone(upsId, engine.status().powers);
      return supplies.forget(upsId).then(nothing);
    },
    'ups.command': async ({ upsId, order }) => {
      const sentence = await engine.command(upsId, order);
      commandSent(upsId, order, sentence);
      return { sentence };
    },
    'ups.details': ({ upsId }) => engine.details(upsId),
    'history.read': ({ upsId, from, to }) => readHistory(upsId, from, to),
  };
}

/** A window that names a certificate of its own must not get it trusted. @throws FaultError `refused` */
function requireShown(server: UpsServer, kept: readonly UpsServer[], shown: ReadonlyMap<string, string>): void {
  if (server.kind !== 'nut' || server.certificate === null) return;
  const old = kept.find(({ id }) => id === server.id);
  const isKept = old?.kind === 'nut' && old.certificate === server.certificate && placeOf(old) === placeOf(server);
  if (isKept || shown.get(placeOf(server)) === server.certificate) return;
  throw new FaultError({
    code: 'refused',
    what: 'This is not the certificate that the server showed when it was last asked.',
    where: placeOf(server),
    remedy: 'Read its certificate again.',
  });
}

/** One that is there would be found again at once. @throws FaultError `refused` */
function requireGone(upsId: string, powers: readonly PowerView[]): void {
  const power = powers.find(({ ups }) => ups.id === upsId);
  if (!power || power.state === 'lost-contact') return;
  throw new FaultError({
    code: 'refused',
    what: 'It is there, and would be found again at once.',
    where: power.ups.name,
    remedy: 'Unplug it, or remove its server, first.',
  });
}
