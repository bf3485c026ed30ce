import { version } from '../../package.json';

/** Of Glidepath. */
export const release: string = version;
