import { expect, it } from 'vitest';
import { freebsd } from '../fakes/machine/kinds.ts';
import { byVisudo, describeMachines, mac, platformSuite, up } from './platform-kit.ts';

const rule = '/sbin/shutdown -p now';

/** FreeBSD, OPNsense and pfSense. */
platformSuite({
  kind: 'freebsd',
  machine: () => freebsd(mac),
  powerOff: { sent: [rule], ran: rule, bySudo: { sent: [`sudo -n ${rule}`], rule, remedy: byVisudo(rule) } },
  tellsMacs: true,
});

/** As it really is: shutdown goes on in a child that holds the session's output until the machine is gone. */
const lingering = () => {
  const { programs, files, ...like } = freebsd(mac);
  const { '/sbin/shutdown': shutdown, ...others } = programs;
  if (!shutdown) throw new Error('this machine has no shutdown');
  const script = '#!/bin/sh\n/libexec/shutdown "$@" || exit\nsleep 60 &\n';
  return {
    ...like,
    programs: { ...others, '/libexec/shutdown': shutdown },
    tools: ['/bin/sleep'],
    files: { ...files, '/sbin/shutdown': script },
  };
};

describeMachines('freebsd, whose shutdown lingers', () => {
  it('has taken the command when the machine is gone', async () => {
    const { b, machine, step } = await up({ kind: 'freebsd', machine: lingering });
    const context = step();
    await b.meanwhile(b.actions(context).act(context));
    expect([machine.ranAsRoot, machine.state]).toEqual([['/libexec/shutdown -p now'], 'off']);
    expect((await b.prove(context, 10_000)).last).toEqual({
      state: 'done',
      proof: 'port closed after it ended our session, 2 looks',
    });
  });
});
