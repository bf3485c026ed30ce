import { bundle } from '../bundle.ts';

/** Builds the programs that run in the virtual machine, agent.mjs and reader.mjs; returns their folder. */
export const bundleGuest = (): Promise<string> =>
  bundle(
    'usb-guest',
    { agent: 'test/fakes/usb/guest/agent.ts', reader: 'test/fakes/usb/guest/reader.ts' },
    { extension: 'mjs', withPackages: true },
  );
