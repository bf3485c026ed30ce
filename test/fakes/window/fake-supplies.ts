import { type Answer, type RequestName, requestSchemas } from '../../../shared/ipc.ts';
import { realDelay } from '../../../shared/ups-command.ts';
import type { Slices, SuppliesView } from '../../../shared/view.ts';
import { historyPoints } from './history.ts';
import { certificate, details } from './supplies.ts';

/** What is asked of UPSes and of their servers, for the fake bridge. All else is taken and nothing done. */
export function answerSupplies(
  name: RequestName,
  input: unknown,
  { status, supplies, events }: Slices,
  change: (supplies: SuppliesView) => void,
): Answer<RequestName> {
  const done: Answer<RequestName> = { ok: true, value: null };
  switch (name) {
    case 'servers.save': {
      const { server } = requestSchemas['servers.save'].parse(input);
      const rest = supplies.servers.filter((each) => each.server.id !== server.id);
      change({ ...supplies, servers: [...rest, { server, hasSecret: false, fault: null }] });
      return done;
    }
    case 'servers.remove': {
      const { id } = requestSchemas['servers.remove'].parse(input);
      change({ ...supplies, servers: supplies.servers.filter((each) => each.server.id !== id) });
      return done;
    }
    case 'servers.readCertificate':
      return { ok: true, value: { fingerprint: certificate } };
    case 'ups.save': {
      const { supply } = requestSchemas['ups.save'].parse(input);
      change({ ...supplies, known: supplies.known.map((each) => (each.id === supply.id ? supply : each)) });
      return done;
    }
    case 'ups.forget': {
      const { upsId } = requestSchemas['ups.forget'].parse(input);
      change({ ...supplies, known: supplies.known.filter((each) => each.id !== upsId) });
      return done;
    }
    case 'ups.command': {
      const { upsId, order } = requestSchemas['ups.command'].parse(input);
      const offers = status.powers.find(({ ups }) => ups.id === upsId)?.ups.offers ?? [];
      const delay = offers.find(({ command }) => command === order.command)?.delay;
      const after = delay && order.delay !== null ? ` after ${realDelay(delay, order.delay)} s` : '';
      return { ok: true, value: { sentence: `It has taken ${order.command}${after}.` } };
    }
    case 'ups.details':
      return { ok: true, value: details };
    case 'history.read': {
      const { from, to } = requestSchemas['history.read'].parse(input);
      // A UPS to which nothing ever happened was plugged in just now.
      return { ok: true, value: events.length === 0 ? [] : historyPoints(from, to) };
    }
    default:
      return done;
  }
}
