import { beforeEach, describe, expect, it } from 'vitest';
import { EsxiShell, type EsxiState, esxiState, esxiVm, FakeVsan, helperMs } from '../fakes/esxi/shell.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import type { Result } from '../fakes/posix-shell.ts';

let clock: ManualClock;
let downs: number;

beforeEach(() => {
  clock = new ManualClock();
  downs = 0;
});

function shell(more: Partial<EsxiState> = {}): EsxiShell {
  const vms = more.vms ?? [
    esxiVm(1, 'web'),
    esxiVm(2, 'db', { shutdownDelayMs: 'never' }),
    esxiVm(7, 'old box', { tools: 'notRunning' }),
  ];
  const onPowerOff = (): void => {
    downs += 1;
  };
  return new EsxiShell(esxiState({ ...more, vms }), {
    after: clock.after.bind(clock),
    now: () => clock.now(),
    onPowerOff,
  });
}

/** Starts a line and tells what has come of it so far. */
function started(host: EsxiShell, line: string): { answer: Result | null } {
  const seen: { answer: Result | null } = { answer: null };
  void host.run(line).then((answer) => {
    seen.answer = answer;
  });
  return seen;
}

const ok = (stdout = ''): Result => ({ stdout, stderr: '', code: 0 });

describe('the inventory', () => {
  it('prints the table of ESXi 5, with its headings in the middle and its padding', async () => {
    const vm = esxiVm(40, 'packer-vmware-iso', {
      datastore: 'wtgc-vmbd-01:datastore1',
      guest: 'ubuntu64Guest',
      hw: 'vmx-08',
    });
    const { stdout } = await shell({ dialect: 5, vms: [vm] }).run('vim-cmd vmsvc/getallvms');
    expect(stdout.split('\n')).toEqual([
      'Vmid         Name                                        File                                    Guest OS      Version   Annotation',
      '40     packer-vmware-iso   [wtgc-vmbd-01:datastore1] packer-vmware-iso/packer-vmware-iso.vmx   ubuntu64Guest   vmx-08              ',
      '',
    ]);
  });

  it('prints the table of ESXi 8, with one VM and with none', async () => {
    const vm = esxiVm(1, 'x8', { datastore: 'pve-esx', guest: 'centos9_64Guest' });
    expect((await shell({ vms: [vm] }).run('vim-cmd vmsvc/getallvms')).stdout).toBe(
      'Vmid   Name          File              Guest OS       Version   Annotation\n' +
        '1      x8     [pve-esx] x8/x8.vmx   centos9_64Guest   vmx-20\n',
    );
    expect((await shell({ vms: [] }).run('vim-cmd vmsvc/getallvms')).stdout).toBe(
      'Vmid   Name   File   Guest OS   Version   Annotation\n',
    );
  });

  it('lists running VMs only as processes, and prints nothing when none runs', async () => {
    const host = shell({ vms: [esxiVm(1, 'web'), esxiVm(2, 'db', { power: 'off' }), esxiVm(3, 'mail')] });
    const { stdout } = await host.run('esxcli vm process list');
    expect(stdout.match(/^ {3}Display Name: .*$/gm)).toEqual(['   Display Name: web', '   Display Name: mail']);
    expect(stdout).toMatch(/^web\n {3}World ID: \d+\n[\s\S]+\n\nmail\n/);
    expect(await shell({ vms: [] }).run('esxcli vm process list')).toEqual(ok());
  });
});

describe('one VM', () => {
  it('shuts a guest down after its time, without a word', async () => {
    const host = shell();
    expect(await host.run('vim-cmd vmsvc/power.getstate 1')).toEqual(ok('Retrieved runtime info\nPowered on\n'));
    expect(await host.run('vim-cmd vmsvc/power.shutdown 1')).toEqual(ok());
    await clock.advance(14_999);
    expect((await host.run('vim-cmd vmsvc/power.getstate 1')).stdout).toContain('Powered on');
    await clock.advance(1);
    expect((await host.run('vim-cmd vmsvc/power.getstate 1')).stdout).toBe('Retrieved runtime info\nPowered off\n');
  });

  it('leaves a guest on that never acts', async () => {
    const host = shell();
    expect(await host.run('vim-cmd vmsvc/power.shutdown 2')).toEqual(ok());
    await clock.advance(3_600_000);
    expect(host.vm('2')?.power).toBe('on');
  });

  it('refuses a guest shutdown without Tools, when off and for an unknown id', async () => {
    const host = shell();
    const noTools = await host.run('vim-cmd vmsvc/power.shutdown 7');
    expect(noTools).toMatchObject({ code: 1, stderr: '' });
    expect(noTools.stdout).toMatch(
      /^\(vim\.fault\.ToolsUnavailable\) \{\n {3}faultCause[\s\S]+not running in this virtual machine\."\n\}\n$/,
    );
    const web = host.vm('1');
    if (web) web.power = 'off';
    expect((await host.run('vim-cmd vmsvc/power.shutdown 1')).stdout).toContain('existingState = "poweredOff"');
    expect((await host.run('vim-cmd vmsvc/power.getstate 16')).stdout).toContain(
      'msg = "Unable to find a VM corresponding to "16""\n}',
    );
    expect((await shell({ dialect: 5 }).run('vim-cmd vmsvc/power.getstate 16')).stdout).toContain(
      '   dynamicType = <unset>,\n',
    );
    expect(await shell({ faultStream: 'stderr', faultCode: 0 }).run('vim-cmd vmsvc/power.shutdown 7')).toMatchObject({
      stdout: '',
      code: 0,
    });
  });

  it('powers off and on the hard way', async () => {
    const host = shell();
    expect(await host.run('vim-cmd vmsvc/power.off 2')).toEqual(ok('Powering off VM:\n'));
    await clock.advance(2_000);
    expect(await host.run('vim-cmd vmsvc/power.off 2')).toEqual({
      stdout: 'Powering off VM:\nPower off failed\n',
      stderr: '',
      code: 1,
    });
    expect(await host.run('vim-cmd vmsvc/power.on 2')).toEqual(ok('Powering on VM:\n'));
    await clock.advance(2_000);
    expect(host.vm('2')?.power).toBe('on');
  });

  it('hangs a power off on a pending question until the process is killed', async () => {
    const host = shell({ vms: [esxiVm(1, 'full', { pendingQuestion: true })] });
    const off = started(host, 'vim-cmd vmsvc/power.off 1');
    await clock.advance(60_000);
    expect(off.answer).toBeNull();
    const world = /World ID: (\d+)/.exec((await host.run('esxcli vm process list')).stdout)?.[1];
    const killed = started(host, `esxcli vm process kill --type hard --world-id ${world}`);
    await clock.advance(2_000);
    expect(killed.answer).toEqual(ok());
    expect(host.running).toEqual([]);
  });

  it('tells the state of Tools', async () => {
    const host = shell();
    expect((await host.run('vim-cmd vmsvc/get.guest 1')).stdout).toContain('toolsRunningStatus = "guestToolsRunning"');
    expect((await host.run('vim-cmd vmsvc/get.guest 7')).stdout).toContain(
      'toolsRunningStatus = "guestToolsNotRunning"',
    );
  });
});

describe('maintenance mode', () => {
  it('is entered when the last VM is off, and says so only then', async () => {
    const host = shell({ vms: [esxiVm(1, 'web')] });
    const entering = started(host, 'esxcli system maintenanceMode set -e true -t 60 -m noAction');
    await clock.advance(5_000);
    expect(entering.answer).toBeNull();
    expect(host.state.maintenance).toBe('entering');
    expect(await host.run('esxcli system maintenanceMode get')).toEqual(ok('Disabled\n'));
    expect((await host.run('vim-cmd vmsvc/power.on 1')).stdout).toContain('failed');
    await host.run('vim-cmd vmsvc/power.shutdown 1');
    await clock.advance(20_000);
    expect(entering.answer).toEqual(ok());
    expect(await host.run('esxcli system maintenanceMode get')).toEqual(ok('Enabled\n'));
    expect((await host.run('esxcli system maintenanceMode set --enable=true')).code).toBe(1);
  });

  it('gives up at the time limit, and never without one', async () => {
    const host = shell();
    const limited = started(host, 'esxcli system maintenanceMode set --enable true --timeout 30');
    await clock.advance(30_000);
    expect(limited.answer).toMatchObject({ code: 1 });
    expect(host.state.maintenance).toBe('off');
    const forever = started(host, 'esxcli system maintenanceMode set -e true -t 0');
    await clock.advance(86_400_000);
    expect(forever.answer).toBeNull();
    await host.run('esxcli system maintenanceMode set -e false');
    await clock.advance(1);
    expect(forever.answer).toMatchObject({ code: 1 });
  });

  it('is entered by a task without waiting, and left again', async () => {
    const host = shell({ vms: [] });
    const { stdout } = await host.run('vim-cmd hostsvc/maintenance_mode_enter');
    expect(stdout).toBe("'vim.Task:haTask-ha-host-vim.HostSystem.enterMaintenanceMode-20'\n");
    await clock.advance(2_000);
    expect((await host.run('vim-cmd hostsvc/runtimeinfo')).stdout).toContain('   inMaintenanceMode = true,\n');
    const left = started(host, 'esxcli system maintenanceMode set -e false');
    await clock.advance(1_000);
    expect(left.answer).toEqual(ok());
    expect((await host.run('esxcli system maintenanceMode set -e false')).code).toBe(1);
  });
});

describe('host power', () => {
  it('powers off only in maintenance mode and with a reason, and boots as it went down', async () => {
    const host = shell({ vms: [esxiVm(1, 'web', { power: 'off' })] });
    expect((await host.run('esxcli system shutdown poweroff -d 10 -r "UPS"')).code).toBe(1);
    host.state.maintenance = 'on';
    expect((await host.run('esxcli system shutdown poweroff -d 10')).stdout).toMatch(
      /^Error: Missing required parameter -r\|--reason\nUsage: /,
    );
    expect(await host.run("esxcli system shutdown poweroff --delay=10 -r 'power failure, on battery'")).toEqual(ok());
    expect(host.goingDown).toBe(true);
    await clock.advance(9_999);
    expect([host.isOn, downs]).toEqual([true, 0]);
    await clock.advance(1);
    expect([host.isOn, downs, host.crashedVms]).toEqual([false, 1, 0]);
    await expect(host.run('true')).rejects.toThrow('off');
    host.boot();
    expect(await host.run('esxcli system maintenanceMode get')).toEqual(ok('Enabled\n'));
    expect((await host.run('vim-cmd vmsvc/power.on 1')).code).toBe(1);
  });

  it('counts the VMs that /sbin/poweroff or a power cut took down with it', async () => {
    const host = shell();
    const pending = started(host, 'sleep 60');
    expect(await host.run('/sbin/poweroff')).toEqual(ok());
    await clock.advance(5_000);
    expect([host.isOn, host.crashedVms, host.crashed]).toEqual([false, 3, ['web', 'db', 'old box']]);
    await clock.advance(600_000);
    expect(pending.answer).toBeNull();
    host.boot();
    expect(host.running).toEqual([]);
    await host.run('vim-cmd vmsvc/power.on 1');
    await clock.advance(1_000);
    host.cutPower();
    expect([host.crashedVms, downs]).toEqual([4, 2]);
  });

  it('stops its guests first when autostart is on', async () => {
    const host = shell({ autostart: true, vms: [esxiVm(1, 'web', { shutdownDelayMs: 40_000 })] });
    await host.run('poweroff');
    await clock.advance(45_000);
    expect([host.isOn, host.crashedVms]).toEqual([false, 0]);
  });

  it('can accept a power off and stay on', async () => {
    const host = shell({ stuck: true, maintenance: 'on', vms: [] });
    expect(await host.run('esxcli system shutdown poweroff -d 1 -r x')).toEqual(ok());
    await clock.advance(600_000);
    expect(host.isOn).toBe(true);
  });
});

describe('the shell', () => {
  it('reads words, quotes and sequences, and does not know other commands', async () => {
    const host = shell({ vms: [] });
    expect(await host.run('echo a\\ b "c \\"d\\"" \'e"$f\'; echo $HOME"x$y"')).toEqual(ok('a b c "d" e"$f\nx\n'));
    expect(await host.run('qm list')).toEqual({ stdout: '', stderr: 'sh: qm: not found\n', code: 127 });
    expect(await host.run('qm list 2>&1')).toEqual({ stdout: 'sh: qm: not found\n', stderr: '', code: 127 });
    expect((await host.run('qm list >/dev/null 2>&1 && echo no || echo yes')).stdout).toBe('yes\n');
    expect((await host.run('false && echo a; true && echo b')).stdout).toBe('b\n');
    expect((await host.run('/bin/vim-cmd vmsvc/getallvms | wc -l')).code).toBe(2);
    expect((await host.run("echo 'open")).stderr).toContain('unterminated');
    expect(await host.run('nohup sh -c "sleep 5; echo late" >/dev/null 2>&1 &')).toEqual(ok());
    expect((await host.run('exit 3')).code).toBe(3);
  });

  it('answers nothing useful while hostd is down, but can still power off', async () => {
    const host = shell({ hostd: 'down', vms: [] });
    expect(await host.run('vim-cmd vmsvc/getallvms')).toMatchObject({
      code: 1,
      stderr: 'Connect to localhost failed: Connection failure.\n',
    });
    expect((await host.run('esxcli vm process list')).code).toBe(1);
    await host.run('/sbin/poweroff');
    await clock.advance(5_000);
    expect(host.isOn).toBe(false);
  });

  it('keeps what was asked and when', async () => {
    const host = shell({ vms: [] });
    const begin = clock.now();
    await host.run('esxcli vm process list');
    await clock.advance(500);
    await host.run('vmware -v');
    expect(host.log).toEqual([
      { at: begin, text: 'esxcli vm process list' },
      { at: begin + 500, text: 'vmware -v' },
    ]);
  });
});

describe('vSAN', () => {
  const helper = 'python /usr/lib/vmware/vsan/bin/reboot_helper.py';

  it('tells the cluster as Broadcom documents it, and says no where there is none', async () => {
    const vsan = new FakeVsan();
    const host = shell({ vsan: vsan.node() });
    vsan.node('WITNESS');
    const { stdout, code } = await host.run('esxcli vsan cluster get');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Cluster Information\n {3}Enabled: true\n/);
    expect(stdout).toContain(
      '   Local Node Type: NORMAL\n   Local Node State: MASTER\n   Local Node Health State: HEALTHY\n',
    );
    expect(stdout).toContain('   Sub-Cluster Member Count: 2\n');
    expect(stdout).toContain('   Maintenance Mode State: OFF\n');
    expect((await shell({}).run('esxcli vsan cluster get')).code).toBe(1);
    const old = new FakeVsan();
    const [five, other] = [old.node(), old.node()];
    const printed = (await shell({ dialect: 5, vsan: five }).run('esxcli vsan cluster get')).stdout;
    expect(printed).toContain(`Sub-Cluster Member UUIDs: ${five.uuid}, ${other.uuid}\n`);
    expect(printed).not.toMatch(/Count|Maintenance/);
  });

  it('is prepared and brought together by one helper at a time', async () => {
    const vsan = new FakeVsan();
    const [one, two] = [shell({ vsan: vsan.node() }), shell({ vsan: vsan.node() })];
    const alone = started(one, `${helper} prepare`);
    await clock.advance(helperMs);
    expect(alone.answer).toEqual(ok('Cluster preparation is done.\n'));
    expect((await two.run('esxcli vsan cluster get')).stdout).toContain('Sub-Cluster Member Count: 1\n');
    const [first, second] = [started(one, `${helper} recover`), started(two, `${helper} recover`)];
    await clock.advance(helperMs);
    expect([first.answer?.code, second.answer?.code, vsan.races]).toEqual([0, 1, 1]);
    expect((await shell({ dialect: 6, vsan: vsan.node() }).run(`${helper} prepare`)).code).toBe(2);
  });

  it('moves data before a member is in maintenance mode, unless it is told to leave it', async () => {
    const host = shell({ vms: [], vsan: new FakeVsan().node() });
    const moving = started(host, 'esxcli system maintenanceMode set -e true -t 90');
    await clock.advance(40_000);
    expect(moving.answer).toBe(null);
    await clock.advance(2_000);
    expect(moving.answer).toEqual(ok());
    const leaving = started(host, 'esxcli system maintenanceMode set -e false');
    await clock.advance(1_000);
    expect(leaving.answer).toEqual(ok());
    const staying = started(host, 'esxcli system maintenanceMode set -e true -t 90 -m noAction');
    await clock.advance(2_000);
    expect(staying.answer).toEqual(ok());
  });
});

it('localcli needs no hostd, and may be missing', async () => {
  const host = shell({ hostd: 'down', vms: [esxiVm(1, 'web')] });
  expect((await host.run('localcli vm process list')).stdout).toContain('   Display Name: web\n');
  expect((await host.run('localcli system maintenanceMode get')).stdout).toBe('Disabled\n');
  host.state.localcli = false;
  expect((await host.run('localcli vm process list')).code).toBe(127);
});
