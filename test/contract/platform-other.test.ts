import { powersOff } from '../fakes/machine/kinds.ts';
import { result } from '../fakes/posix-shell.ts';
import { byVisudo, platformSuite } from './platform-kit.ts';

const rule = '/opt/vendor/bin/power off --now';

/** Anything with a shell: only the user knows its command. It is not asked for its MAC addresses. */
platformSuite({
  kind: 'other',
  machine: () => ({
    programs: {
      '/opt/vendor/bin/power': powersOff(['off', '--now'], result('bye\n'), {
        refusal: result('busy\n', 3),
        denied: result('', 1, 'denied\n'),
      }),
    },
  }),
  host: { powerOffCommand: rule },
  powerOff: { sent: [rule], ran: rule, bySudo: { sent: [`sudo -n ${rule}`], rule, remedy: byVisudo(rule) } },
  tellsMacs: false,
});
