import { join } from 'node:path';
import electronLog from 'electron-log/node';

/** What goes wrong or is decided, for the one who looks later. Secrets are never handed to it. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Writes logs/glidepath.log in the data folder; at 2 MiB it is moved to glidepath.old.log, so 4 MiB at most are kept. */
export function fileLog(dataFolder: string): Log {
  const logger = electronLog.create({ logId: 'glidepath' });
  // Otherwise it looks for a package.json around the working folder, and without one it writes nothing.
  logger.transports.file.setAppName('Glidepath');
  logger.transports.file.resolvePathFn = () => join(dataFolder, 'logs', 'glidepath.log');
  logger.transports.file.maxSize = 2 * 1024 * 1024;
  logger.transports.console.level = 'warn';
  return {
    info: (line) => logger.info(line),
    warn: (line) => logger.warn(line),
    error: (line) => logger.error(line),
  };
}
