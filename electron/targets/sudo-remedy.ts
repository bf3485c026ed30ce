import type { Host } from '../../shared/inventory.ts';
import type { HostKind } from '../../shared/platforms.ts';

/**
 * How a user is allowed a command without a password, where visudo is not the way: TrueNAS writes its sudoers itself,
 * from what its web interface was told; DSM writes its own at each update, without the files beside it.
 * @see https://www.truenas.com/docs/scale/scaleuireference/credentials/localusersscreensscale/
 * @see https://github.com/m4r1k/Eneru/blob/main/docs/remote-servers.md (both)
 */
const instead: Readonly<Partial<Record<HostKind, (user: string, rule: string, command: string) => string>>> = {
  truenas: (user, _, command) =>
    `In its web interface, under Credentials, Users, ${user}, add to "Allowed sudo commands with no password": ${command}`,
  synology: (_, rule) => `On the host, put into a file of /etc/sudoers.d, and again after an update of DSM: ${rule}`,
};

/** What the user can do when sudo does not let them. */
export function sudoRemedy({ kind, user }: Host, as: string, command: string): string {
  const rule = `${user} ALL=(${as}) NOPASSWD: ${command}`;
  const own = instead[kind]?.(user, rule, command);
  return own ?? `On the host, run visudo and add: ${rule} (with its absolute path)`;
}
