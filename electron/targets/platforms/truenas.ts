import { mayPowerOff } from '../checks/privilege.ts';
import { powerOffByCommand, powerOffCommandOf } from './by-command.ts';
import { exactly } from './exactly.ts';
import type { Platform, PowerOffActs } from './platform.ts';
import type { Session } from './session.ts';
import { lost } from './tool.ts';

/** Both in one, as CORE and SCALE differ by their kernels; every shell reads it. */
const whichOne = 'uname -s; cat /etc/version';

/** Stops the apps and VMs first; `shutdown` alone does not. */
const byMiddleware = '/usr/bin/midclt call system.shutdown';

/** The first release in which a reason must be given. One before it takes a reason for options and stays on. */
const withReason = { year: 25, month: 4 };

/**
 * What powers this TrueNAS off: SCALE by its middleware, CORE by FreeBSD's own command. A version that cannot be read
 * is taken for a new one.
 * @see https://github.com/truenas/middleware/blob/master/src/middlewared/middlewared/plugins/system/lifecycle.py
 * @see https://github.com/tomaae/homeassistant-truenas/issues/296 (the reason, since 25.04)
 */
async function commandFor(session: Session): Promise<string> {
  const { stdout, dropped } = await session.run(whichOne);
  if (dropped) throw lost(session, 'asking for its version');
  if (/^FreeBSD$/m.test(stdout)) return '/sbin/shutdown -p now';
  const [, year, month] = /(\d\d)\.(\d\d)/.exec(stdout) ?? [];
  const isOlder =
    Number(year) < withReason.year || (Number(year) === withReason.year && Number(month) < withReason.month);
  return isOlder ? byMiddleware : `${byMiddleware} Glidepath`;
}

/** As if the command had been entered with the host. */
async function withCommand(session: Session): Promise<Session> {
  const { host } = session;
  if (host.powerOffCommand !== undefined) return session;
  return { ...session, host: { ...host, powerOffCommand: await commandFor(session) } };
}

const powerOff: PowerOffActs = {
  would: (host) => powerOffCommandOf({ ...host, powerOffCommand: host.powerOffCommand ?? byMiddleware }),
  act: async (session) => powerOffByCommand.act(await withCommand(session)),
  looks: (session) => [
    {
      what: 'privilege',
      see: async () => mayPowerOff(session, powerOffCommandOf((await withCommand(session)).host)),
    },
  ],
};

/** Of SCALE, or of CORE. In a shell of its own: where there is no such folder, csh and zsh do not even begin. */
const macs = "sh -c 'cat /sys/class/net/*/address 2>/dev/null || /sbin/ifconfig'";

export const truenas: Platform = {
  powerOff,
  macs,
  harmless: [exactly(whichOne), exactly(macs)],
};
