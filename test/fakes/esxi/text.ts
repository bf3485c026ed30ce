import type { EsxiState, EsxiVm } from './state.ts';

/**
 * What ESXi prints. The tables, NotFound, the maintenance task and the usage blocks are shaped after published
 * transcripts (apache/vcl VIM_SSH.pm, jenkinsci/vsphere-cloud-plugin's fixtures of ESXi 7 and 8, elatov.github.io);
 * where none is known (a time-out, a power off without maintenance mode) the wording is a guess to be ignored.
 */
type Dialect = EsxiState['dialect'];

const columns = ['Vmid', 'Name', 'File', 'Guest OS', 'Version', 'Annotation'] as const;

/** `vim-cmd vmsvc/getallvms`: columns are as wide as their content, headings stand in the middle. */
export function allVms(vms: readonly EsxiVm[], dialect: Dialect): string {
  const rows = vms.map((vm) => [String(vm.id), vm.name, `[${vm.datastore}] ${vm.vmx}`, vm.guest, vm.hw, vm.annotation]);
  const widths = columns.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.split('\n')[0]?.length ?? 0)),
  );
  const heading = columns.map((title, at) => {
    const left = at === 0 ? 0 : Math.floor(((widths[at] ?? 0) - title.length) / 2);
    return `${' '.repeat(left)}${title}`.padEnd(widths[at] ?? 0);
  });
  const lines = [heading, ...rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)))].map((cells) =>
    cells.join('   '),
  );
  return `${lines.map((line, at) => (dialect === 5 && at > 0 ? line : line.trimEnd())).join('\n')}\n`;
}

/** `esxcli vm process list`: running VMs only, nothing at all when none runs. */
export function processList(running: readonly EsxiVm[]): string {
  return running
    .map((vm) =>
      [
        vm.name,
        `   World ID: ${worldId(vm)}`,
        '   Process ID: 0',
        `   VMX Cartel ID: ${worldId(vm) - 15}`,
        `   UUID: 56 4d 48 08 86 8b 8f 67-a5 4a 33 f3 87 a8 ${hex(vm.id >> 8)} ${hex(vm.id & 255)}`,
        `   Display Name: ${vm.name}`,
        `   Config File: /vmfs/volumes/6107a9c3-0511c860-9122-fcaa144d4e7d/${vm.vmx}`,
        '',
      ].join('\n'),
    )
    .join('\n');
}

/** `esxcli network nic list`: columns as ESXi 6 to 8 have them. */
export const nicList = (macs: readonly string[]): string =>
  table(
    ['Name', 'PCI Device', 'Driver', 'Admin Status', 'Link Status', 'Speed', 'Duplex', 'MAC Address', 'MTU'],
    macs.map((mac, at) => [`vmnic${at}`, `0000:0${at + 1}:00.0`, 'igbn', 'Up', 'Up', '1000', 'Full', mac, '1500']),
  );

/** `esxcli system permission list`, as VMware's documentation of esxcli shows it. */
export const permissionList = (roles: Readonly<Record<string, string>>): string =>
  table(
    ['Principal', 'Is Group', 'Role'],
    Object.entries({ dcui: 'Admin', ...roles, vpxuser: 'Admin' }).map(([user, role]) => [user, 'false', role]),
  );

function table(titles: readonly string[], rows: readonly string[][]): string {
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[titles, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n')}\n`;
}

export const worldId = (vm: EsxiVm): number => 2_099_000 + vm.id;
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

const powerWords = { on: 'Powered on', off: 'Powered off', suspended: 'Suspended' } as const;
const powerNames = { on: 'poweredOn', off: 'poweredOff', suspended: 'suspended' } as const;

export const runtimeInfo = (vm: EsxiVm): string => `Retrieved runtime info\n${powerWords[vm.power]}\n`;

function fault(name: string, dialect: Dialect, message: string, more: readonly string[] = []): string {
  const comma = dialect === 5 ? ',' : '';
  const lines = [
    `(vim.fault.${name}) {`,
    ...(dialect === 5 ? ['   dynamicType = <unset>,'] : []),
    '   faultCause = (vmodl.MethodFault) null,',
    ...(dialect === 5 ? [] : [`   faultMessage = <unset>${more.length > 0 ? ',' : ''}`]),
    ...more.map((line) => `   ${line},`),
    `   msg = "${message}"${comma}`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

export const notFound = (id: string, dialect: Dialect): string =>
  fault('NotFound', dialect, `Unable to find a VM corresponding to "${id}"`);

export const toolsUnavailable = (dialect: Dialect): string =>
  fault(
    'ToolsUnavailable',
    dialect,
    'Cannot complete operation because VMware Tools is not running in this virtual machine.',
  );

export const invalidPowerState = (vm: EsxiVm, requested: 'on' | 'off', dialect: Dialect): string =>
  fault(
    'InvalidPowerState',
    dialect,
    `The attempted operation cannot be performed in the current state (${powerWords[vm.power]}).`,
    [`requestedState = "${powerNames[requested]}"`, `existingState = "${powerNames[vm.power]}"`],
  );

/** The inner part of `get.guest`, which decides: toolsRunningStatus. */
export function guestInfo(vm: EsxiVm): string {
  const on = vm.power === 'on';
  const tools = on && vm.tools === 'running';
  return [
    'Guest information:',
    '',
    '(vim.vm.GuestInfo) {',
    `   toolsStatus = "${tools ? 'toolsOk' : 'toolsNotRunning'}",`,
    `   toolsVersionStatus = "${tools ? 'guestToolsCurrent' : 'guestToolsUnmanaged'}",`,
    `   toolsVersionStatus2 = "${tools ? 'guestToolsCurrent' : 'guestToolsUnmanaged'}",`,
    `   toolsRunningStatus = "${tools ? 'guestToolsRunning' : 'guestToolsNotRunning'}",`,
    `   toolsVersion = "${tools ? '12352' : '0'}",`,
    `   guestId = "${vm.guest}",`,
    `   hostName = ${tools ? `"${vm.name}"` : '<unset>'},`,
    `   ipAddress = ${tools ? `"192.168.50.${vm.id % 250}"` : '<unset>'},`,
    `   guestState = "${on ? 'running' : 'notRunning'}",`,
    `   hwVersion = "${vm.hw}",`,
    '}',
    '',
  ].join('\n');
}

export const enterTask = "'vim.Task:haTask-ha-host-vim.HostSystem.enterMaintenanceMode-20'\n";
export const exitTask = "'vim.Task:haTask-ha-host-vim.HostSystem.exitMaintenanceMode-21'\n";

export const hostdDown = 'Connect to localhost failed: Connection failure.\n';

export const versions: Record<Dialect, readonly [version: string, build: string]> = {
  5: ['5.5.0', '1331820'],
  6: ['6.7.0', '8169922'],
  7: ['7.0.3', '19193900'],
  8: ['8.0.2', '22380479'],
};

const missing = (parameter: string): string => `Error: Missing required parameter ${parameter}\n`;

export const usageOfPowerOff = `${missing('-r|--reason')}Usage: esxcli system shutdown poweroff [cmd options]

Description: 
  poweroff              Power off the system. The host must be in maintenance mode.

Cmd options:
  -d|--delay=<long>     Delay interval in seconds
  -r|--reason=<str>     Reason for performing the operation (required)
`;

export const usageOfMaintenance = `${missing('-e|--enable')}Usage: esxcli system maintenanceMode set [cmd options]

Description: 
  set                   Enable or disable the maintenance mode of the system.

Cmd options:
  -e|--enable=<bool>    enable maintenance mode (required)
  -t|--timeout=<long>   Time to perform operation in seconds (default 0 seconds)
  -m|--vsanmode=<str>   Action the VSAN service must take before the host can enter maintenance mode
`;
