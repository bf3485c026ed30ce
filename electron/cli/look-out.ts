import { whyNoRehearsal } from '../brain/rehearsal-rule.ts';
import { follow } from '../control/client.ts';

/** Ms between two tries to hear a controller, when there is none: one may be started, or again. */
const tryEvery = 2000;

/**
 * Calls when the controller of the folder begins a run or sees an outage, or does not answer any more: then it may do
 * either. Gives the function that ends it.
 */
export function lookOut(
  { dataFolder, release }: { dataFolder: string; release: string },
  call: (why: string) => void,
): () => void {
  let follower: { stop(): void } | null = null;
  let again: NodeJS.Timeout | undefined;
  const listen = (): void => {
    follower = follow({
      dataFolder,
      release,
      onSlices: ({ run, status }) => {
        const why = whyNoRehearsal(run, status.powers);
        if (why !== null) call(why);
      },
      onGone: (fault) => {
        if (fault) call(`The Glidepath that controls the folder cannot be heard: ${fault.what}`);
        again = setTimeout(listen, tryEvery);
      },
    });
  };
  listen();
  return () => {
    clearTimeout(again);
    follower?.stop();
  };
}
