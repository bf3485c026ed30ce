import { encode, layOut, type ReportKind, slotKey } from './report-descriptor.ts';
import { type FieldKey, upsFields } from './ups-fields.ts';

/** What the UPS is in. Volts, seconds, percent, watts, kelvin. */
export interface UpsState {
  acPresent: boolean;
  charging: boolean;
  discharging: boolean;
  fullyCharged: boolean;
  batteryPresent: boolean;
  belowCapacityLimit: boolean;
  timeLimitExpired: boolean;
  shutdownImminent: boolean;
  needReplacement: boolean;
  overload: boolean;
  charge: number;
  runtime: number;
  load: number;
  batteryVoltage: number;
  inputVoltage: number;
  outputVoltage: number;
  temperature: number;
  /** HID Power Device 1.1: AudibleAlarmControl, 1 disabled, 2 enabled, 3 muted; Test, 1 to 6. */
  beeper: number;
  test: number;
  /** -1: not counting. */
  offIn: number;
  onIn: number;
}

export const onLine: UpsState = {
  acPresent: true,
  charging: true,
  discharging: false,
  fullyCharged: false,
  batteryPresent: true,
  belowCapacityLimit: false,
  timeLimitExpired: false,
  shutdownImminent: false,
  needReplacement: false,
  overload: false,
  charge: 97,
  runtime: 1830,
  load: 23,
  batteryVoltage: 13.6,
  inputVoltage: 231,
  outputVoltage: 230.4,
  temperature: 300.2,
  beeper: 2,
  test: 6,
  offIn: -1,
  onIn: -1,
};

const lowCharge = 10;
const lowRuntime = 120;

/** Bits 0 to 4 the day, 5 to 8 the month, the rest years from 1980. @see pdcv11.pdf, ManufacturerDate */
const date = (year: number, month: number, day: number) => ((year - 1980) << 9) | (month << 5) | day;

const layout = layOut(upsFields);

/** One UPS. Several devices can show it, so that two programs that exclude each other read the same. */
export class UsbUps {
  state: UpsState = onLine;
  readonly #listeners: ((reports: Buffer[]) => void)[] = [];

  onInterrupt(listener: (reports: Buffer[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Changes the state; input reports that are not as before go out by interrupt. */
  set(patch: Partial<UpsState>): void {
    const before = this.#inputs();
    this.state = { ...this.state, ...patch };
    const changed = this.#inputs().filter((report, at) => !report.equals(before[at] ?? Buffer.alloc(0)));
    for (const listener of this.#listeners) listener(changed);
  }

  loseMains(): void {
    const { fullyCharged } = onLine;
    this.set({
      acPresent: false,
      charging: false,
      discharging: true,
      fullyCharged,
      inputVoltage: 0,
      batteryVoltage: 12.4,
    });
  }

  mainsBack(): void {
    const { acPresent, charging, discharging, inputVoltage, batteryVoltage } = onLine;
    const { belowCapacityLimit, timeLimitExpired } = onLine;
    this.set({ acPresent, charging, discharging, inputVoltage, batteryVoltage, belowCapacityLimit, timeLimitExpired });
  }

  drainTo(charge: number, runtime: number): void {
    this.set({
      charge,
      runtime,
      batteryVoltage: 10.5 + (2 * charge) / 100,
      belowCapacityLimit: charge < lowCharge,
      timeLimitExpired: runtime < lowRuntime,
    });
  }

  /** The report with its id first, or null when there is no such report. */
  report(kind: ReportKind, id: number): Buffer | null {
    const slot = layout.get(slotKey(kind, id));
    return slot ? encode(slot, this.#raw()) : null;
  }

  #inputs(): Buffer[] {
    return [...layout.values()].filter(({ kind }) => kind === 'input').map((slot) => encode(slot, this.#raw()));
  }

  #raw(): Record<FieldKey, number> {
    const { state } = this;
    const flags = Object.fromEntries(Object.entries(state).map(([key, value]) => [key, Number(value)])) as Record<
      keyof UpsState,
      number
    >;
    return {
      ...flags,
      iProduct: 1,
      iSerialNumber: 2,
      iManufacturer: 3,
      iDeviceChemistry: 4,
      rechargeable: 1,
      capacityMode: 2,
      designCapacity: 100,
      fullChargeCapacity: 100,
      warningCharge: 50,
      lowCharge,
      lowRuntime,
      nominalBatteryVoltage: 1200,
      batteryVoltage: state.batteryVoltage * 100,
      nominalInputVoltage: 230,
      outputVoltage: state.outputVoltage * 10,
      nominalPower: 330,
      temperature: state.temperature * 10,
      manufactureDate: date(2024, 3, 31),
      batteryDate: date(2025, 11, 2),
    };
  }
}
