import { platforms } from '../../shared/platforms.ts';
import type { Warmer } from '../core/ports.ts';

/** Connections of both ways to speak to hosts, as one: each host is kept by what speaks to it. */
export const warmerOf = (by: { ssh: Warmer; soap: Warmer }): Warmer => ({
  warm: (host, signal) => by[platforms[host.kind].by].warm(host, signal),
  onLost(call) {
    const stops = [by.ssh.onLost(call), by.soap.onLost(call)];
    return () => {
      for (const stop of stops) stop();
    };
  },
  release() {
    by.ssh.release();
    by.soap.release();
  },
  runBegins() {
    by.ssh.runBegins();
    by.soap.runBegins();
  },
});
