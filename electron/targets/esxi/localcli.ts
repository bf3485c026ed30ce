import type { Session } from '../platforms/session.ts';

/**
 * What a host is asked and told without hostd. `localcli` takes the words of esxcli, prints the same and does the work
 * itself; of what it changes hostd knows nothing until it is started anew, so it is for a hostd that does not answer.
 * VMware's own support bundles hold its answers beside those of esxcli. What it did is looked at; its words do not count.
 * @see https://developer.broadcom.com/xapis/esxcli-command-reference/latest/ (the same commands)
 * @see https://github.com/NVIDIA/DCGM (reads "localcli vm process list" as esxcli prints it)
 */
const known =
  /^esxcli (?=vm process list$|system maintenanceMode (?:get$|set )|system shutdown poweroff |vsan cluster get$|vsan debug resync summary get$)/;

/** The same command past hostd; null: it has no other way. */
export const withoutHostd = (command: string): string | null =>
  known.test(command) ? command.replace(/^esxcli/, 'localcli') : null;

/**
 * Only on the way down: a rehearsal, which asks once, is to show that hostd is sick, and on the way back hostd is waited
 * for, as no guest can be started without it.
 */
export const mayGoAround = ({ patience }: Session): boolean => patience > 1 && Number.isFinite(patience);
