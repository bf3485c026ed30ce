import { CannotTell } from '../checks/check.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';

/**
 * The privileges of who is signed in; their names stand in the first column and are not translated.
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/whoami
 */
export const askPrivileges = 'whoami /priv /fo csv /nh';

/** @throws FaultError those of `Session.run`; CannotTell */
export async function privilegesOf(session: Session): Promise<ReadonlySet<string>> {
  const { stdout, code } = await session.run(askPrivileges);
  const names = [...stdout.matchAll(/^"?(Se\w+Privilege)\b/gm)].map(([, name = '']) => name);
  if (code !== 0 || names.length === 0)
    throw new CannotTell(`which privileges ${session.host.user} has is not told (exit code ${code ?? 'none'})`);
  return new Set(names);
}

export const mayNotShutDown = ({ host }: Session) =>
  hostFault(
    host,
    'not-allowed',
    `${host.user} may not shut it down`,
    `Add ${host.user} to the group Administrators there, or give it the right "Force shutdown from a remote system" in secpol.msc.`,
  );

/**
 * Whether the user may shut it down. Who signs in by SSH comes from the network, for which the right is one of its own.
 * @throws FaultError `not-allowed`; CannotTell
 * @see https://learn.microsoft.com/windows/win32/shutdown/how-to-shut-down-the-system
 * @see https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/security-policy-settings/force-shutdown-from-a-remote-system
 */
export async function mayShutDown(session: Session): Promise<string> {
  const has = await privilegesOf(session);
  const { user } = session.host;
  if (has.has('SeRemoteShutdownPrivilege')) return `${user} has SeRemoteShutdownPrivilege`;
  if (has.has('SeShutdownPrivilege'))
    throw new CannotTell(`${user} has SeShutdownPrivilege and not SeRemoteShutdownPrivilege: only doing it would tell`);
  throw mayNotShutDown(session);
}
