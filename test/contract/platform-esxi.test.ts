import { quote } from '../../electron/targets/ssh/quote.ts';
import type { After } from '../fakes/after.ts';
import { EsxiShell, type EsxiState, esxiState, esxiVm, FakeVsan } from '../fakes/esxi/shell.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import type { Program } from '../fakes/machine/machine.ts';
import { result } from '../fakes/posix-shell.ts';
import { guestsSuite } from './platform-guests-kit.ts';
import { settingSuite } from './platform-settings-kit.ts';

/** The scripted commands of ESXi behind a real OpenSSH server and a real shell. */
function esxi(state: Partial<EsxiState>, after: After): { machine: MachineKind; shell: EsxiShell } {
  const shell = new EsxiShell(esxiState(state), { after });
  const program =
    (name: string): Program =>
    ({ args, user }) =>
      shell.run([name, ...args.map(quote)].join(' '), user);
  const names = ['vim-cmd', 'esxcli', 'localcli', 'esxcfg-advcfg'];
  const programs = Object.fromEntries(names.map((name) => [`/bin/${name}`, program(name)]));
  return { machine: { programs, path: '/bin:/sbin' }, shell };
}

guestsSuite({
  kind: 'esxi',
  tellsAgents: true,
  machine: (guests, after) => {
    const vms = guests.map(({ name, on, hasAgent, stopsAfterMs }, at) =>
      esxiVm(at + 1, name, {
        power: on ? 'on' : 'off',
        tools: hasAgent ? 'running' : 'notRunning',
        shutdownDelayMs: stopsAfterMs ?? 'never',
      }),
    );
    const { machine, shell } = esxi({ vms }, after);
    return { machine, on: () => shell.running.map(({ name }) => name) };
  },
});

settingSuite({
  kind: 'esxi',
  away: 'enter-maintenance',
  machine: (on, after) => {
    const { machine, shell } = esxi({ maintenance: on ? 'on' : 'off' }, after);
    let refuses = false;
    const esxcli: Program = (call, made) => {
      if (refuses && call.args.includes('set')) return result('The operation is not allowed.\n', 1);
      return machine.programs['/bin/esxcli']?.(call, made) ?? result('', 127);
    };
    return {
      machine: { ...machine, programs: { ...machine.programs, '/bin/esxcli': esxcli } },
      isOn: () => shell.state.maintenance === 'on',
      refuse: () => {
        refuses = true;
      },
    };
  },
});

settingSuite({
  kind: 'esxi',
  away: 'ignore-member-updates',
  machine: (on, after) => {
    const { machine, shell } = esxi({ vsan: new FakeVsan().node(), ignoresMembers: on ? 0 : 1 }, after);
    return {
      machine,
      isOn: () => shell.state.ignoresMembers === 0,
      refuse: () => {
        shell.state.advcfg = 'refuses';
      },
    };
  },
});
