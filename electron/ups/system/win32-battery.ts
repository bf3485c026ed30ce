import { z } from 'zod';
import type { SystemUps } from './system-ups.ts';

/**
 * What PowerShell is asked. HidBatt is the driver of USB UPSes: without a device of it every battery is the computer's own.
 * @see https://learn.microsoft.com/windows/win32/cimwin32prov/win32-battery
 */
export const win32BatteryScript =
  '$u=@(Get-CimInstance Win32_PnPEntity -Filter "Service=\'HidBatt\'").Count;' +
  '$b=@(Get-CimInstance Win32_Battery | Select-Object Name,DeviceID,BatteryStatus,EstimatedChargeRemaining,EstimatedRunTime,Chemistry);' +
  '[pscustomobject]@{upses=$u;batteries=$b} | ConvertTo-Json -Compress -Depth 3';

const answerSchema = z.object({
  upses: z.int().min(0),
  batteries: z
    .array(
      z.object({
        Name: z.string().nullish(),
        DeviceID: z.string().nullish(),
        BatteryStatus: z.int().nullish(),
        EstimatedChargeRemaining: z.number().nullish(),
        EstimatedRunTime: z.number().nullish(),
        Chemistry: z.int().nullish(),
      }),
    )
    .max(20),
});
type Battery = z.infer<typeof answerSchema>['batteries'][number];

const leadAcid = 3;
/** Minutes, while on mains: not a runtime. */
const onMainsRuntime = 71_582_788;

/** The UPSes in the script's answer. Throws when it is no such answer. Not verified on hardware. */
export function parseWin32Battery(json: string): SystemUps[] {
  const { upses, batteries } = answerSchema.parse(JSON.parse(json));
  if (upses === 0) return [];
  // In a notebook with a UPS the lead one is the UPS.
  const found = batteries.length <= upses ? batteries : batteries.filter(({ Chemistry }) => Chemistry === leadAcid);
  return found.map(fromBattery);
}

function fromBattery(battery: Battery): SystemUps {
  const acPresent = acPresentOf(battery);
  const { Name, DeviceID, BatteryStatus, EstimatedChargeRemaining: charge, EstimatedRunTime: minutes } = battery;
  const told = typeof minutes === 'number' && minutes > 0 && minutes < 30 * 1440;
  return {
    name: (Name?.trim() || DeviceID?.trim() || 'UPS').slice(0, 150),
    // It begins with the serial number.
    key: (DeviceID?.trim() ?? '').slice(0, 40),
    acPresent,
    charging: acPresent === null ? null : [6, 7, 8, 9].includes(BatteryStatus ?? 0),
    discharging: acPresent === null ? null : !acPresent,
    charge: typeof charge === 'number' && charge >= 0 ? Math.min(100, charge) : null,
    runtime: acPresent === false && told ? minutes * 60 : null,
  };
}

/** 1 discharging; 2 mains; 3 full; 4 low and 5 critical, of which the runtime says where; 6 to 9 charging; 11 partly charged. */
function acPresentOf({ BatteryStatus: status, EstimatedRunTime: minutes }: Battery): boolean | null {
  if (status === 1) return false;
  if (status === 2 || status === 3 || status === 11 || (status && status >= 6 && status <= 9)) return true;
  if (status !== 4 && status !== 5) return null;
  if (typeof minutes !== 'number') return null;
  return minutes === onMainsRuntime;
}
