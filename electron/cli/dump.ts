import type { Clock } from '../core/ports.ts';
import type { HidSupervisor } from '../ups/hid/supervisor.ts';
import { choose } from './choose.ts';
import { dumpText } from './dump-text.ts';
import { look } from './roster.ts';

interface Wish {
  ups: string | null;
  raw: boolean;
  serial: boolean;
}

/** @throws FaultError when the UPS is not there, or is lost while it is read */
export async function dump(usb: HidSupervisor, clock: Clock, { ups: wanted, raw, serial }: Wish): Promise<string> {
  const ups = choose(await look([usb], clock), wanted);
  const told = await usb.dump(ups.id);
  const details = raw ? [] : await usb.details(ups.id);
  return dumpText({ ...told, ups, details }, { raw, serial });
}
