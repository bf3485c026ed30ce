import { assertNever } from '../../../../shared/assert-never.ts';
import { type Fault, FaultError } from '../../../../shared/fault.ts';
import { duration } from '../../../../shared/words.ts';
import { readBits } from '../bits.ts';
import type { HidField } from '../report-descriptor.ts';
import type { OrderPlan } from './offers.ts';
import { judge } from './proof.ts';
import type { Write } from './recipe.ts';
import { fits, withField } from './write-bits.ts';

/** The device, as far as an order needs it. */
export interface ReportPort {
  /** Payload without the id byte; null: not answered. */
  read(reportId: number): Promise<Uint8Array | null>;
  /** Sends a whole report. Null: taken; else the device's words of refusal. */
  write(reportId: number, payload: Uint8Array): Promise<string | null>;
  pause(ms: number): Promise<void>;
  /** Payload bytes of a feature report by the descriptor. */
  bytesOf(reportId: number): number;
}

/**
 * Milliseconds before each look at what became of a write. The first is also what lies between two writes: Tripp Lite's
 * lose those that come faster than 125 ms.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/usbhid-ups.c
 */
const looks = [150, 350, 700];

/**
 * Carries an order out: reads each report whole, changes the one field, writes it, and reads back before the next write.
 * Resolves with what the device then does. Nothing else in this program writes to a UPS.
 * @throws FaultError `ups-refused` at the first thing that is not as it should be
 */
export async function runOrder(plan: OrderPlan, port: ReportPort, where: string): Promise<string> {
  if (plan.switchable) await requireSwitchable(plan.switchable, port, where);
  let delay = plan.delay ?? 0;
  let sent = 0;
  for (const write of plan.writes) {
    const taken = await runWrite(write, port, (what) => refusal(what, where, sent > 0));
    sent += 1;
    // The last timer is the one that switches off.
    delay = taken ?? delay;
  }
  return plan.says(delay);
}

async function requireSwitchable(field: HidField, port: ReportPort, where: string): Promise<void> {
  const payload = await port.read(field.reportId);
  const raw = payload && readBits(payload, field.offset, field.size, false);
  if (raw === null) throw refusal('It does not say whether it may be switched off, so nothing was sent', where, false);
  if (raw === 0) {
    throw new FaultError({
      code: 'ups-refused',
      what: 'Switching off by software is disabled on it, so nothing was sent',
      where,
      remedy: 'Enable it in the settings of the UPS.',
    });
  }
}

/** The seconds that it counts down, if it does. */
async function runWrite(
  { field, raw, proof }: Write,
  port: ReportPort,
  refuse: (what: string) => FaultError,
): Promise<number | null> {
  const { reportId } = field;
  const bytes = port.bytesOf(reportId);
  const payload = await port.read(reportId);
  const report = `report 0x${reportId.toString(16).padStart(2, '0')}`;
  // A write sets the whole report: a byte that we do not know would be set to something.
  if (!payload || payload.length < bytes || bytes * 8 < field.offset + field.size) {
    throw refuse(`It did not tell all of ${report} (${payload?.length ?? 0} of ${bytes} bytes), so it was not written`);
  }
  if (!fits(field, raw)) throw refuse(`${report} cannot hold the value ${raw}, so it was not written`);
  const signed = field.logicalMin < 0;
  const before = readBits(payload, field.offset, field.size, signed);
  const no = await port.write(reportId, withField(payload.subarray(0, bytes), field, raw));
  if (no !== null) throw refuse(`It refused ${report}: ${no}`);
  let waited = 0;
  let found: number | null = null;
  for (const [index, ms] of looks.entries()) {
    await port.pause(ms);
    waited += ms;
    const back = await port.read(reportId);
    found = back && readBits(back, field.offset, field.size, signed);
    const verdict = found === null ? null : judge(proof, { sent: raw, before, found }, waited / 1000);
    const isSteady = proof.kind === 'idle' && proof.steady;
    if (verdict && (!isSteady || index === looks.length - 1)) return verdict.counting;
  }
  throw refuse(`It took the write but does not show it: ${found === null ? 'no answer' : shown(proof, found)}`);
}

function shown(proof: Write['proof'], found: number): string {
  switch (proof.kind) {
    case 'counting': {
      const seconds = proof.seconds(found);
      return seconds === null
        ? 'no countdown runs'
        : `it counts down ${duration(seconds)}, not ${duration(proof.from)}`;
    }
    case 'idle':
      return `it still counts down ${duration(proof.seconds(found))}`;
    case 'same':
    case 'testing':
    case 'not-testing':
      return `the value is ${found}`;
    default:
      return assertNever(proof, 'proof');
  }
}

function refusal(what: string, where: string, after: boolean): FaultError {
  const fault: Fault = {
    code: 'ups-refused',
    what: after ? `${what}. What was written before stands` : what,
    where,
    remedy: 'Look at the UPS: what it shows counts. If a countdown runs, stop it.',
  };
  return new FaultError(fault);
}
