import { type Answer, type RequestName, requestSchemas } from '../../../shared/ipc.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { HostsView, HostView } from '../../../shared/view.ts';
import { certificate } from './platforms.ts';

const shown = { type: 'ssh-ed25519', fingerprint: `SHA256:${'Zp4Tq'.repeat(8)}a1B` };

/** What is asked of hosts, for the fake bridge; null: it is about something else. */
export function answerHosts(
  name: RequestName,
  input: unknown,
  view: HostsView,
  change: (hosts: HostsView) => void,
): Answer<RequestName> | null {
  const done: Answer<RequestName> = { ok: true, value: null };
  const replace = (id: string, next: (old: HostView) => HostView) =>
    change({ ...view, hosts: view.hosts.map((each) => (each.host.id === id ? next(each) : each)) });
  switch (name) {
    case 'hosts.save': {
      const { host } = requestSchemas['hosts.save'].parse(input);
      const rest = view.hosts.filter((each) => each.host.id !== host.id);
      change({ ...view, hosts: [...rest, { host, hasSecret: host.login === 'agent' }] });
      return done;
    }
    case 'hosts.remove': {
      const { id } = requestSchemas['hosts.remove'].parse(input);
      change({ ...view, hosts: view.hosts.filter((each) => each.host.id !== id) });
      return done;
    }
    case 'hosts.setSecret': {
      const { id, slot } = requestSchemas['hosts.setSecret'].parse(input);
      replace(id, (old) =>
        slot === 'login' ? { ...old, hasSecret: true } : { ...old, alsoKept: [...(old.alsoKept ?? []), slot] },
      );
      return done;
    }
    case 'hosts.readKey': {
      const { id, of } = requestSchemas['hosts.readKey'].parse(input);
      const host = view.hosts.find((each) => each.host.id === id)?.host;
      const isTls = of === 'bmc' || (host && platforms[host.kind].by === 'soap');
      return { ok: true, value: isTls ? certificate : shown };
    }
    case 'hosts.pinKey': {
      const { id, of, key } = requestSchemas['hosts.pinKey'].parse(input);
      replace(id, (old) => {
        const { host } = old;
        const bmc = of === 'bmc' && host.bmc ? { ...host.bmc, certificate: key } : host.bmc;
        return { ...old, host: { ...host, bmc, hostKeys: of === 'host' ? [key] : host.hostKeys } };
      });
      return done;
    }
    default:
      return null;
  }
}
