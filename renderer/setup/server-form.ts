import type { UpsServer } from '../../shared/supplies.ts';
import { freshId } from '../plan/ids.ts';

/** The fields as they are typed. Whether they are right is for the main process to say, with its schema. */
export interface ServerForm {
  kind: UpsServer['kind'];
  address: string;
  port: number;
  user: string;
  /** Empty: the one that is kept stays as it is. */
  password: string;
  isEncrypted: boolean;
  /** Confirmed by the user, for this address and port; null: none is. */
  certificate: string | null;
}

export const usualPort: Readonly<Record<UpsServer['kind'], number>> = { nut: 3493, apcupsd: 3551 };

export const serverFormOf = (server: UpsServer | null): ServerForm => ({
  kind: server?.kind ?? 'nut',
  address: server?.address ?? '',
  port: server?.port ?? usualPort.nut,
  user: server?.kind === 'nut' ? server.user : '',
  password: '',
  isEncrypted: server?.kind === 'nut' && server.certificate !== null,
  certificate: server?.kind === 'nut' ? server.certificate : null,
});

/** A change of address or port may be another machine: its certificate must be confirmed anew. */
export function changeServer(form: ServerForm, change: Partial<ServerForm>): ServerForm {
  const next = { ...form, ...change };
  if (next.kind !== form.kind && form.port === usualPort[form.kind]) next.port = usualPort[next.kind];
  const isElsewhere = next.address.trim() !== form.address.trim() || next.port !== form.port;
  return isElsewhere ? { ...next, certificate: null } : next;
}

/** A kept password goes to the place and user that it was given for, and to no other. */
function isKeptFor(old: UpsServer, now: ServerForm): boolean {
  if (old.kind !== 'nut' || old.address !== now.address.trim() || old.port !== now.port) return false;
  return old.user === now.user.trim() && (old.certificate === null || now.isEncrypted);
}

/**
 * Why it cannot be saved yet, one sentence; null: it can.
 * @param kept the server whose password is kept; null: none is
 */
export function missingIn(form: ServerForm, kept: UpsServer | null): string | null {
  if (form.address.trim() === '') return 'It needs an address.';
  if (form.kind !== 'nut') return null;
  if (form.isEncrypted && form.certificate === null) return 'Read its certificate and confirm it first.';
  if (form.user.trim() === '') return form.password === '' ? null : 'A password needs a user.';
  if (form.password !== '') return null;
  if (kept === null) return 'A user needs a password.';
  return isKeptFor(kept, form) ? null : 'Its password was kept for another place or user: enter it again.';
}

export function serverOf(form: ServerForm, old: UpsServer | null, taken: ReadonlySet<string>): UpsServer {
  const address = form.address.trim();
  const common = { id: old?.id ?? freshId(`${form.kind}-${address}`, taken), address, port: form.port };
  return form.kind === 'apcupsd'
    ? { ...common, kind: 'apcupsd' }
    : { ...common, kind: 'nut', user: form.user.trim(), certificate: form.isEncrypted ? form.certificate : null };
}

/** "NUT 10.0.0.5:3493". */
export const serverName = (server: UpsServer): string =>
  `${server.kind === 'nut' ? 'NUT' : 'apcupsd'} ${server.address}:${server.port}`;

/** As `openssl x509 -fingerprint -sha256` prints it, to be held against that. */
export const asOpenssl = (fingerprint: string): string =>
  fingerprint
    .replace(/^SHA256:/, '')
    .toUpperCase()
    .replace(/(..)(?=.)/g, '$1:');
