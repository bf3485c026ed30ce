import { expect, it } from 'vitest';
import { powersOff } from '../fakes/machine/kinds.ts';
import { linuxMachine } from '../fakes/machine/linux.ts';
import { result } from '../fakes/posix-shell.ts';
import { byVisudo, describeMachines, mac, platformSuite, up } from './platform-kit.ts';
import { faultOf } from './targets-kit.ts';

/** What logind says to those who may not, and what systemctl's exit code is then. */
const denied = (why: string) => result('', 1, `Failed to power off system via logind: ${why}\n`);

platformSuite({
  kind: 'linux',
  machine: () => ({
    shell: 'bash',
    programs: {
      '/usr/bin/systemctl': powersOff(['poweroff'], result(), {
        refusal: denied('Access denied'),
        denied: denied('Interactive authentication required.'),
      }),
    },
    files: {
      '/sys/class/net/eth0/address': `${mac}\n`,
      '/sys/class/net/lo/address': '00:00:00:00:00:00\n',
    },
  }),
  powerOff: {
    sent: ['systemctl poweroff'],
    ran: '/usr/bin/systemctl poweroff',
    bySudo: {
      sent: ['sudo -n systemctl poweroff'],
      rule: '/usr/bin/systemctl poweroff',
      remedy: byVisudo('systemctl poweroff'),
    },
  },
  tellsMacs: true,
});

describeMachines('Linux without sudo', () => {
  it('is told to be without it, and not that its command has no path', async () => {
    const machine = () => ({ ...linuxMachine(mac), sudoAt: '/opt/nowhere/sudo' });
    const { b, step } = await up({ kind: 'linux', machine }, { host: { user: 'ups', sudo: true } });
    const fault = await faultOf(b.actions(step()).act(step()));
    expect(fault).toMatchObject({ code: 'command-failed', what: expect.stringContaining('exit code 127') });
    expect(fault.remedy).toContain('Install sudo');
  });
});
