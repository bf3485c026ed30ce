import type { SerialUps } from './serial-ups.ts';

/** What a Smart-UPS says without being asked. */
const notices = { lineFailed: '!', lineBack: '$', batteryLow: '%', batteryGood: '+' } as const;

/** Bits of its status byte, for which `Q` asks. */
const bits = { online: 0x08, onBattery: 0x10, batteryLow: 0x40 } as const;

/** What never changes, by the character that asks for it. */
const constant = {
  Y: 'SM', // smart mode
  '\u0001': 'Smart-UPS 1000',
  n: 'AS1234567890', // serial number
  m: '03/31/24', // made
  x: '03/31/24', // battery replaced
  b: '652.13.I', // firmware
  g: '024', // nominal battery voltage
  o: '230', // nominal output voltage
  l: '208', // goes on battery below
  u: '253', // and above
  q: '02', // low battery, minutes
  k: '0', // alarm: 5 s after the line fails
  s: 'H', // sensitivity
  p: '020', // shutdown delay, seconds
  r: '000', // wake-up delay, seconds
  e: '00', // charge to return at, percent
  E: '336', // hours between self-tests
  X: 'OK', // last self-test
  O: '230.4', // output voltage
  F: '50.00', // hertz
  P: '012.4', // load, percent
  C: '031.2', // degrees Celsius
  '7': '00', // switches
  '~': '00', // registers
  "'": '00',
  '8': '00',
};

/**
 * A Smart-UPS. It knows no orders: what would switch it off gets NA, as every question that it does not know.
 * @see https://networkupstools.org/protocols/apcsmart.html
 */
export class SmartUps {
  readonly #cable: SerialUps;
  #onLine = true;
  #low = false;
  #minutes = 45;
  #charge = 100;
  #lastTransfer = 'O';

  constructor(cable: SerialUps) {
    this.#cable = cable;
    cable.tell({ ...constant, ...this.#state() });
  }

  /** The mains fail or come back, with so many minutes of runtime. */
  mains(on: boolean, minutes: number): void {
    const changes = on !== this.#onLine;
    this.#onLine = on;
    this.#minutes = minutes;
    if (!on) this.#lastTransfer = 'L';
    this.#tell(changes ? (on ? notices.lineBack : notices.lineFailed) : undefined);
  }

  low(low: boolean): void {
    const changes = low !== this.#low;
    this.#low = low;
    this.#tell(changes ? (low ? notices.batteryLow : notices.batteryGood) : undefined);
  }

  /** Percent. */
  charge(percent: number): void {
    this.#charge = percent;
    this.#tell();
  }

  #tell(notice?: string): void {
    this.#cable.tell(this.#state(), notice);
  }

  #state(): Record<string, string> {
    const inputVoltage = this.#onLine ? '230.4' : '000.0';
    const status = (this.#onLine ? bits.online : bits.onBattery) | (this.#low ? bits.batteryLow : 0);
    return {
      Q: status.toString(16).padStart(2, '0'),
      '9': this.#onLine ? 'FF' : '00', // line quality
      G: this.#lastTransfer,
      L: inputVoltage,
      M: inputVoltage, // highest
      N: inputVoltage, // lowest
      B: this.#onLine ? '27.87' : '24.10', // battery voltage
      f: `${String(this.#charge).padStart(3, '0')}.0`,
      j: `${String(this.#minutes).padStart(4, '0')}:`,
    };
  }
}
