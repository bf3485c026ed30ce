/** Who may import what. A folder ends in a slash; `types:` means that only types may be taken from there. */
export interface Layer {
  readonly of: string;
  readonly may: readonly string[];
  /** Must not know the time, chance or the machine: these come in through ports. */
  readonly pure?: true;
}

const ports = ['electron/core/ports.ts', 'electron/core/ports/'];

/** The first row that fits a file holds for it. */
export const layers: readonly Layer[] = [
  { of: 'shared/', may: ['shared/', 'zod'] },
  { of: 'electron/core/', may: ['electron/core/', 'shared/'], pure: true },
  { of: 'electron/ups/', may: ['electron/ups/', 'shared/', ...ports, 'node:', 'node-hid', 'zod'] },
  { of: 'electron/targets/', may: ['electron/targets/', 'shared/', ...ports, 'node:', 'ssh2', 'wake_on_lan', 'zod'] },
  { of: 'electron/storage/', may: ['electron/storage/', 'shared/', ...ports, 'electron-log/node', 'node:', 'zod'] },
  { of: 'electron/notify/', may: ['electron/notify/', 'shared/', ...ports, 'node:', 'nodemailer'] },
  { of: 'electron/control/', may: ['electron/control/', 'shared/', ...ports, 'node:', 'zod'] },
  {
    of: 'electron/cli/',
    may: [
      'electron/cli/',
      'electron/control/',
      'electron/ups/',
      'electron/storage/',
      'electron/targets/',
      'electron/core/',
      'electron/brain/',
      'shared/',
      ...ports,
      'package.json',
      'node:',
      'zod',
    ],
  },
  {
    of: 'electron/brain/',
    may: [
      'electron/brain/',
      'electron/core/',
      'electron/control/',
      'electron/notify/',
      'electron/ups/',
      'electron/storage/',
      'shared/',
      'node:',
      'zod',
    ],
  },
  { of: 'electron/app/', may: ['electron/', 'shared/', 'electron', 'electron-log', 'node:', 'zod'] },
  { of: 'electron/preload.ts', may: ['electron', 'types:shared/'] },
  { of: 'electron/', may: ['electron/', 'shared/', 'electron', 'electron-log', 'node:', 'zod'] },
  { of: 'renderer/', may: ['renderer/', 'shared/', 'react', 'react-dom', 'react-aria-components', 'zustand'] },
];

export const impureNames = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'process',
  'crypto',
  'fetch',
]);

export const impureMembers = new Set(['Date.now', 'Math.random']);

export const longestFile = 400;
