import { type Result, result } from '../posix-shell.ts';
import type { EsxiMachine } from './machine.ts';
import type { EsxiVm } from './state.ts';
import * as text from './text.ts';

/** `vim-cmd NAME ...`. A printed fault goes where, and with the code that, the state says. */
export async function vimCmd(machine: EsxiMachine, [name = '', id, ...rest]: readonly string[]): Promise<Result> {
  const { state } = machine;
  if (state.hostd === 'hangs') return new Promise(() => {});
  if (state.hostd === 'down') return result('', 1, text.hostdDown);
  if (name === 'vmsvc/getallvms') return result(text.allVms(state.vms, state.dialect));
  if (name === 'hostsvc/maintenance_mode_enter') {
    if (state.maintenance === 'off') void machine.enterMaintenance(Number(id ?? 0), null);
    return result(text.enterTask);
  }
  if (name === 'hostsvc/maintenance_mode_exit') {
    if (state.maintenance !== 'off') void machine.exitMaintenance();
    return result(text.exitTask);
  }
  if (name === 'hostsvc/runtimeinfo') {
    const inside = state.maintenance === 'on';
    return result(
      `(vim.host.RuntimeInfo) {\n   connectionState = "connected",\n   powerState = "poweredOn",\n   inMaintenanceMode = ${inside},\n}\n`,
    );
  }
  const act = onVm[name];
  if (!act) return result(`Invalid command '${name}'.\n`, 1);
  if (id === undefined || rest.length > 1)
    return result(`Insufficient arguments.\nUsage: ${name.split('/')[1]} vmid\n`, 1);
  const vm = machine.vm(id);
  return vm ? act(machine, vm) : fault(machine, text.notFound(id, state.dialect));
}

type OnVm = (machine: EsxiMachine, vm: EsxiVm) => Result | Promise<Result>;

const onVm: Record<string, OnVm> = {
  'vmsvc/power.getstate': (_machine, vm) => result(text.runtimeInfo(vm)),
  'vmsvc/get.guest': (_machine, vm) => result(text.guestInfo(vm)),
  'vmsvc/power.shutdown': (machine, vm) => {
    const { dialect } = machine.state;
    if (vm.power !== 'on') return fault(machine, text.invalidPowerState(vm, 'on', dialect));
    if (vm.tools !== 'running') return fault(machine, text.toolsUnavailable(dialect));
    machine.shutdownGuest(vm);
    return result();
  },
  'vmsvc/power.off': (machine, vm) => {
    const { dialect } = machine.state;
    if (vm.power === 'off')
      return refused(machine, 'Powering off VM:', 'Power off failed', text.invalidPowerState(vm, 'off', dialect));
    if (vm.pendingQuestion) return new Promise(() => {});
    machine.powerOffVm(vm);
    return result('Powering off VM:\n');
  },
  'vmsvc/power.on': (machine, vm) => {
    const { dialect } = machine.state;
    const begins = vm.power !== 'on' && machine.powerOnVm(vm);
    return begins
      ? result('Powering on VM:\n')
      : refused(machine, 'Powering on VM:', 'Power on failed', text.invalidPowerState(vm, 'on', dialect));
  },
};

function fault(machine: EsxiMachine, message: string, before = ''): Result {
  const { faultStream, faultCode } = machine.state;
  return faultStream === 'stdout' ? result(before + message, faultCode) : result(before, faultCode, message);
}

/** ESXi 5 prints the fault, 6.0 and later two words. */
function refused(machine: EsxiMachine, doing: string, failed: string, block: string): Result {
  if (machine.state.dialect === 5) return fault(machine, block, `${doing}\n`);
  return result(`${doing}\n${failed}\n`, 1);
}
