import { bsdRefusals, powersOff } from '../fakes/machine/kinds.ts';
import { result } from '../fakes/posix-shell.ts';
import { byVisudo, platformSuite } from './platform-kit.ts';

const rule = '/sbin/shutdown -h now';

/**
 * macOS: its ifconfig may print bytes without their leading noughts.
 * @see https://github.com/apple-oss-distributions/system_cmds/blob/main/shutdown/shutdown.c (what it prints; 1 for others than root)
 */
platformSuite({
  kind: 'macos',
  machine: () => ({
    shell: 'bash',
    programs: {
      '/sbin/shutdown': powersOff(['-h', 'now'], result('Shutdown NOW!\n'), bsdRefusals),
      '/sbin/ifconfig': () =>
        result('en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n\tether 2:0:0:0:0:7\n'),
    },
  }),
  powerOff: { sent: [rule], ran: rule, bySudo: { sent: [`sudo -n ${rule}`], rule, remedy: byVisudo(rule) } },
  tellsMacs: true,
});
