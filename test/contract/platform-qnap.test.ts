import { powersOff } from '../fakes/machine/kinds.ts';
import { result } from '../fakes/posix-shell.ts';
import { byVisudo, mac, platformSuite } from './platform-kit.ts';

const rule = '/sbin/poweroff';

/**
 * QNAP QTS and QuTS hero: BusyBox's poweroff, whose init runs the shutdown scripts.
 * @see https://github.com/m4r1k/Eneru/blob/main/docs/remote-servers.md
 * @see https://busybox.net/downloads/BusyBox.html (poweroff)
 */
platformSuite({
  kind: 'qnap',
  machine: () => ({
    programs: {
      [rule]: powersOff([], result(), {
        refusal: result('', 1, 'poweroff: I/O error\n'),
        denied: result('', 1, 'poweroff: Operation not permitted\n'),
      }),
    },
    files: { '/sys/class/net/eth0/address': `${mac}\n` },
  }),
  powerOff: { sent: [rule], ran: rule, bySudo: { sent: [`sudo -n ${rule}`], rule, remedy: byVisudo(rule) } },
  tellsMacs: true,
});
