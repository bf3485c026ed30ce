import { result } from '../posix-shell.ts';
import { type MachineKind, powersOff } from './kinds.ts';

/** What logind says to those who may not, and what systemctl's exit code is then. */
const denied = (why: string) => result('', 1, `Failed to power off system via logind: ${why}\n`);

/** Linux with systemd, on which something else may be built. */
export const linuxMachine = (mac: string): MachineKind => ({
  shell: 'bash',
  programs: {
    '/usr/bin/systemctl': powersOff(['poweroff'], result(), {
      refusal: denied('Access denied'),
      denied: denied('Interactive authentication required.'),
    }),
  },
  files: { '/sys/class/net/eth0/address': `${mac}\n`, '/sys/class/net/lo/address': '00:00:00:00:00:00\n' },
});
