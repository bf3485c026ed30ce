import { join, relative, sep } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** Where the virtual machine sees a file of the checkout. */
export const inGuest = (path: string): string => `/app/${relative(root, path).split(sep).join('/')}`;
