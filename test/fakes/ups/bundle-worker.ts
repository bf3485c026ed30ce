import { join } from 'node:path';
import { bundle } from '../bundle.ts';

/** Builds the HID worker as the application's build does; returns the file. */
export const bundleWorker = async (): Promise<string> =>
  join(await bundle('worker', { 'hid-worker': 'electron/ups/hid/worker.ts' }), 'hid-worker.js');
