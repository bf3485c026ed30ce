import type { Answer, Bridge, RequestInput, RequestName } from '../../shared/ipc.ts';

declare global {
  interface Window {
    glidepath: Bridge;
  }
}

export const bridge = (): Bridge => window.glidepath;

/** Asks the main process. A request that cannot even be sent comes back as a fault too, so callers have one path. */
export async function ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Answer<N>> {
  try {
    return await bridge().request(name, input);
  } catch (error) {
    return {
      ok: false,
      fault: {
        code: 'internal',
        what: `The request "${name}" was not answered: ${error instanceof Error ? error.message : String(error)}`,
        where: 'window',
        remedy: 'Close the window and open it again from the tray. The shutdown itself does not depend on the window.',
      },
    };
  }
}
