import type { Fault } from '../../../../shared/fault.ts';
import type { Candidate } from '../candidates.ts';

/** How feature reports are asked for. */
export interface ReadStyle {
  /** `roomy`: with room to spare, for devices that answer more than they declare. `largest`: as long as the longest report. */
  length: 'roomy' | 'largest';
  /** `asked-again`: an answer of zeros may be the system's, not the device's. */
  zeros: 'believed' | 'asked-again';
}

/** What one operating system gives besides node-hid. */
export interface Platform {
  /**
   * The report descriptor, which node-hid does not give.
   * @throws FaultError `ups-unsupported` when there is no way to have it
   */
  descriptorOf(device: Candidate): Promise<Uint8Array>;
  /** Where the device at this path is plugged in; null: not told. */
  portOf(path: string): string | null;
  /** The fault for an open that failed with these words because this user may not; null: it failed otherwise. */
  noAccess(words: string, name: string, device: Candidate): Fault | null;
  /** UPSes that are plugged in, but were taken from this system's HID driver by another program. */
  taken(): Fault[];
  readonly reads: ReadStyle;
}
