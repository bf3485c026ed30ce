import { type Result, result } from '../posix-shell.ts';
import { type EsxiMachine, times } from './machine.ts';
import * as text from './text.ts';
import { clusterInformation, resyncSummary } from './vsan.ts';

const error = (message: string): Result => result(message, 1);

/** `esxcli NAMESPACE... COMMAND [options]`, and `localcli` with the same words, past hostd. */
export async function esxcli(
  machine: EsxiMachine,
  words: readonly string[],
  name: 'esxcli' | 'localcli',
): Promise<Result> {
  const { state } = machine;
  if (name === 'esxcli' && state.hostd === 'hangs') return new Promise(() => {});
  if (name === 'esxcli' && state.hostd === 'down') return result('', 1, text.hostdDown);
  const first = words.findIndex((word) => word.startsWith('-'));
  const command = (first === -1 ? words : words.slice(0, first)).join(' ');
  const options = parseOptions(first === -1 ? [] : words.slice(first));
  const option = (short: string, long: string): string | undefined => options.get(short) ?? options.get(long);

  if (command === 'vm process list') return result(text.processList(machine.running));
  if (command === 'vm process kill') return kill(machine, option('w', 'world-id'), option('t', 'type'));
  if (command === 'system maintenanceMode get') return result(state.maintenance === 'on' ? 'Enabled\n' : 'Disabled\n');
  if (command === 'system maintenanceMode set') {
    return setMaintenance(machine, option('e', 'enable'), option('t', 'timeout'), option('m', 'vsanmode'));
  }
  if (command === 'system shutdown poweroff') return powerOff(machine, option('d', 'delay'), option('r', 'reason'));
  if (command === 'vsan cluster get' && state.vsanSays) return state.vsanSays;
  if (command === 'vsan cluster get' && state.vsan) return result(clusterInformation(state.vsan, state.dialect));
  if (command === 'vsan cluster get') return error('vSAN Clustering is not enabled on this host\n');
  if (command === 'vsan debug resync summary get' && state.dialect > 6 && state.vsan)
    return result(resyncSummary(state.vsan));
  if (command === 'network nic list') return result(text.nicList(state.nics));
  if (command === 'system permission list') return result(text.permissionList(state.roles));
  if (command === 'system version get') {
    const [version, build] = text.versions[state.dialect];
    return result(
      `   Product: VMware ESXi\n   Version: ${version}\n   Build: Releasebuild-${build}\n   Update: 0\n   Patch: 0\n`,
    );
  }
  return error(`Error: Unknown command or namespace ${command}\n`);
}

function parseOptions(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const match = /^--?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(words[at] ?? '');
    if (!match) continue;
    const inline = match[2];
    options.set(match[1] ?? '', inline ?? words[at + 1] ?? '');
    if (inline === undefined) at += 1;
  }
  return options;
}

const booleans: Record<string, boolean> = {
  true: true,
  yes: true,
  y: true,
  '1': true,
  t: true,
  false: false,
  no: false,
  n: false,
  '0': false,
  f: false,
};
const vsanModes = ['ensureObjectAccessibility', 'evacuateAllData', 'noAction'];

async function setMaintenance(
  machine: EsxiMachine,
  enable?: string,
  timeout?: string,
  vsanMode?: string,
): Promise<Result> {
  const { state } = machine;
  if (enable === undefined) return error(text.usageOfMaintenance);
  const wanted = booleans[enable.toLowerCase()];
  const seconds = Number(timeout ?? 0);
  if (wanted === undefined || !Number.isInteger(seconds))
    return error(`Error: Invalid value for option ${wanted === undefined ? 'enable' : 'timeout'}\n`);
  if (vsanMode !== undefined && !vsanModes.includes(vsanMode))
    return error('Error: Invalid value for option vsanmode\n');
  if (!wanted) {
    if (state.maintenance === 'off') return error('Maintenance mode is already disabled.\n');
    await machine.exitMaintenance();
    return result();
  }
  if (state.maintenance === 'on') return error('Maintenance mode is already enabled.\n');
  const end = await machine.enterMaintenance(seconds, vsanMode ?? null);
  if (end === 'done') return result();
  return error(end === 'timeout' ? 'Operation timed out.\n' : 'The operation was canceled.\n');
}

function powerOff(machine: EsxiMachine, delay?: string, reason?: string): Result {
  if (reason === undefined || reason === '') return error(text.usageOfPowerOff);
  if (machine.state.maintenance !== 'on') return error('The operation is not allowed in the current state.\n');
  const seconds = Number(delay ?? 10);
  if (!Number.isInteger(seconds) || seconds < 0) return error('Error: Invalid value for option delay\n');
  machine.powerOffIn(seconds * 1_000);
  return result();
}

async function kill(machine: EsxiMachine, world?: string, type?: string): Promise<Result> {
  if (!['soft', 'hard', 'force'].includes(type ?? '')) return error('Error: Missing required parameter -t|--type\n');
  const vm = machine.running.find((other) => String(text.worldId(other)) === world);
  if (!vm) return error('Unable to find a virtual machine with the world ID\n');
  if (type === 'soft' && vm.tools === 'running') machine.shutdownGuest(vm);
  else machine.powerOffVm(vm);
  await machine.sleep(times.powerOffMs);
  return result();
}
