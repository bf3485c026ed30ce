import { CannotTell } from '../checks/check.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { all, textAt } from '../soap/xml.ts';
import { propertiesOf } from './properties.ts';

/**
 * The system's role Administrator, which may do everything.
 * @see https://docs.vmware.com/en/VMware-vSphere/8.0/vsphere-web-services-programming-guide/GUID-2BAC57EF-7623-4F42-A4EF-A4884F26AC4A.html
 */
const administrator = '-1';

/**
 * Whether our session has these privileges on the root of all objects, by the roles that hold there. Roles say nothing about a licence
 * that forbids it, which only doing it shows.
 * @returns what was seen
 * @throws FaultError `not-allowed`; CannotTell when the server does not tell our roles
 */
export async function mayDo(session: Session, privileges: readonly string[]): Promise<string> {
  const { api, host } = session;
  const { rootFolder, authorizationManager } = await api.content();
  const entity = await propertiesOf(api, host, rootFolder, ['effectiveRole']);
  const roles = (entity.get('effectiveRole')?.children ?? []).map((role) => role.text.trim());
  if (roles.length === 0) throw new CannotTell(`it does not tell which roles ${host.user} has`);
  if (roles.includes(administrator)) return `${host.user} has the role Administrator`;
  if (authorizationManager === null) throw new CannotTell(`it does not tell what the roles of ${host.user} allow`);
  const list = (await propertiesOf(api, host, authorizationManager, ['roleList'])).get('roleList');
  const ours = all(list, 'AuthorizationRole').filter((role) => roles.includes(textAt(role, 'roleId') ?? ''));
  if (ours.length === 0) throw new CannotTell(`it does not tell what the roles of ${host.user} allow`);
  const allowed = new Set(ours.flatMap((role) => all(role, 'privilege').map((privilege) => privilege.text.trim())));
  const missing = privileges.filter((privilege) => !allowed.has(privilege));
  const names = ours.map((role) => textAt(role, 'name') ?? '').join(', ');
  if (missing.length === 0) return `${host.user} has the role ${names}`;
  throw hostFault(
    host,
    'not-allowed',
    `${host.user} has the role ${names}, which lacks ${missing.join(', ')}`,
    `Give ${host.user} the role Administrator there, or add these privileges to the role.`,
  );
}
