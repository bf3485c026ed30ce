import { powersOff } from '../fakes/machine/kinds.ts';
import { result } from '../fakes/posix-shell.ts';
import { mac, platformSuite } from './platform-kit.ts';

/** Unraid, where everybody who signs in is root: its poweroff runs the scripts that stop the array. */
platformSuite({
  kind: 'unraid',
  machine: () => ({
    shell: 'bash',
    programs: {
      '/sbin/poweroff': powersOff([], result(), {
        refusal: result('', 1, 'poweroff: failed\n'),
        denied: result('', 1, 'poweroff: must be superuser.\n'),
      }),
    },
    files: { '/sys/class/net/eth0/address': `${mac}\n` },
  }),
  powerOff: { sent: ['/sbin/poweroff'], ran: '/sbin/poweroff' },
  tellsMacs: true,
});
