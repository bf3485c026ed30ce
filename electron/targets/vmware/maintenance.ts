import type { Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import type { Session } from '../platforms/session.ts';
import { element, value, type Xml } from '../soap/write.ts';
import { vimFaultError } from './faults.ts';
import type { EsxiSystem } from './hosts.ts';
import { propertiesOf, told } from './properties.ts';
import { runTask } from './tasks.ts';

/** Seconds that the host itself waits. Never 0, which waits for ever and lets no guest be started meanwhile. */
const waitSeconds = 60;

const vsanModes = {
  'no-action': 'noAction',
  'ensure-accessibility': 'ensureObjectAccessibility',
  full: 'evacuateAllData',
};

/** Seconds: moving data takes as long as the step may, and the host gives up with it. */
const limitOf = (step: Step): number => step.limit ?? stepKinds[step.kind].limit;

const evacuationOf = (step: Step): keyof typeof vsanModes =>
  step.kind === 'enter-maintenance' ? step.evacuation : 'no-action';

/** In words: "EnterMaintenanceMode_Task (vSAN: noAction)". */
export const setWords = (on: boolean, step: Step): string =>
  on ? `EnterMaintenanceMode_Task (a vSAN member: ${vsanModes[evacuationOf(step)]})` : 'ExitMaintenanceMode_Task';

/** Whether a host is in maintenance mode now, by whoever tells of it. @throws FaultError of `propertiesOf`, `told` */
export async function isInMaintenance({ api, host }: Session, system: EsxiSystem): Promise<boolean> {
  const found = await propertiesOf(api, host, system.ref, ['runtime.inMaintenanceMode']);
  return told(host, found, 'runtime.inMaintenanceMode') === 'true';
}

/**
 * Returns when the host has done it. What the task says does not count: it also fails when it is there already.
 * @param session of the server that is asked: the host itself, or its vCenter
 * @throws FaultError `command-failed`, `not-allowed`, `dead-peer`, and those of `VsphereApi.call`
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.HostSystem.html#enterMaintenanceMode
 */
export async function setMaintenance(session: Session, system: EsxiSystem, on: boolean, step: Step): Promise<void> {
  const evacuation = evacuationOf(step);
  const seconds = on && system.isVsanMember && evacuation !== 'no-action' ? limitOf(step) : waitSeconds;
  const doing = on ? 'entering maintenance mode' : 'leaving maintenance mode';
  const remedy = on
    ? 'A guest may still be on: shut the guests down first.'
    : 'Try it by hand, in the web page of the host.';
  const call = {
    method: on ? 'EnterMaintenanceMode_Task' : 'ExitMaintenanceMode_Task',
    self: system.ref,
    content: on ? entering(seconds, system, vsanModes[evacuation]) : [value('timeout', seconds)],
    doing,
    remedy,
  };
  const end = await runTask(session, call, (seconds + 30) * 1000);
  if (end.state === 'success' || (await isInMaintenance(session, system)) === on) return;
  const fault = end.state === 'error' ? end.fault : { type: 'no end', message: `not done within ${seconds + 30} s` };
  throw vimFaultError(session.host, doing, fault, remedy);
}

/** Guests that are off stay where they are: moving them takes what a power failure does not give. */
const entering = (seconds: number, system: EsxiSystem, mode: string): Xml[] => [
  value('timeout', seconds),
  value('evacuatePoweredOffVms', false),
  ...(system.isVsanMember ? [element('maintenanceSpec', [element('vsanMode', [value('objectAction', mode)])])] : []),
];
