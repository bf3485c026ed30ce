import type { Log } from '../storage/log.ts';

/** A defect in one place must not end what watches over the rack: it is logged, and all else goes on. */
export function outliveErrors(log: Log): void {
  process.on('uncaughtException', (error) => log.error(`uncaught: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (why) => log.error(`unhandled: ${why instanceof Error ? why.stack : String(why)}`));
}
