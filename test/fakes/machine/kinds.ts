import { type Result, result } from '../posix-shell.ts';
import type { MachineOptions, Program } from './machine.ts';

/** A machine of a platform, without what its test gives it: its name, its clock, its users and their keys. */
export type MachineKind = Omit<MachineOptions, 'name' | 'after' | 'users' | 'sudo'> & {
  /** Where its sudo is. */
  sudoAt?: string;
};

/** A program that powers the machine off: what it says to those who may, when it does not want to, and to others. */
export function powersOff(
  args: readonly string[],
  says: Result,
  { refusal, denied }: Record<'refusal' | 'denied', Result>,
): Program {
  return (call, machine) => {
    if (call.args.join(' ') !== args.join(' ')) return result('', 64, `usage: ${args.join(' ')}\n`);
    return call.root ? machine.goDown(says, refusal) : denied;
  };
}

/**
 * FreeBSD before 14, where root's shell is a csh, and what is built on it: sudo is a package, so it is under /usr/local.
 * @see https://github.com/freebsd/freebsd-src/blob/main/sbin/shutdown/shutdown.c (what it prints; 1 for others than root)
 * @see https://github.com/freebsd/freebsd-src/blob/main/usr.bin/alias/generic.sh (`command` is a program, too)
 */
export const freebsd = (mac: string): MachineKind => ({
  shell: 'tcsh',
  path: '/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin',
  sudoAt: '/usr/local/bin/sudo',
  programs: {
    '/usr/bin/uname': () => result('FreeBSD\n'),
    '/sbin/shutdown': powersOff(['-p', 'now'], result('Shutdown NOW!\n', 0, 'shutdown: [pid 4711]\n'), bsdRefusals),
    '/sbin/ifconfig': () =>
      result(
        `em0: flags=8863<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500\n\tether ${mac}\n\tinet 192.0.2.7 netmask 0xffffff00 broadcast 192.0.2.255\nlo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000\n`,
      ),
  },
  files: { '/usr/bin/command': '#!/bin/sh\ncommand "$@"\n' },
});

/** As BSD's shutdown says no, that of macOS too. */
export const bsdRefusals = {
  refusal: result('', 1, 'shutdown: fork: Resource temporarily unavailable\n'),
  denied: result('', 1, 'shutdown: NOT super-user\n'),
};
