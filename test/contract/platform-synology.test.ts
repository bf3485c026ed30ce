import { powersOff } from '../fakes/machine/kinds.ts';
import { result } from '../fakes/posix-shell.ts';
import { mac, platformSuite } from './platform-kit.ts';

const rule = '/usr/syno/sbin/synoshutdown -s';

/**
 * Synology DSM: /usr/syno is not in the PATH of commands sent over SSH.
 * @see https://github.com/m4r1k/Eneru/blob/main/docs/remote-servers.md (synoshutdown -s; bare names are not found)
 */
platformSuite({
  kind: 'synology',
  machine: () => ({
    path: '/usr/bin:/bin:/usr/sbin:/sbin',
    programs: {
      '/usr/syno/sbin/synoshutdown': powersOff(['-s'], result(), {
        refusal: result('', 1),
        denied: result('', 1, 'Permission denied\n'),
      }),
    },
    files: { '/sys/class/net/eth0/address': `${mac}\n` },
  }),
  powerOff: {
    sent: [rule],
    ran: rule,
    bySudo: { sent: [`sudo -n ${rule}`], rule, remedy: `update of DSM: ups ALL=(root) NOPASSWD: ${rule}` },
  },
  tellsMacs: true,
});
