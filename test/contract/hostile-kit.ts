import { expect } from 'vitest';
import type { Clock } from '../../electron/core/ports.ts';
import { FaultError, faultSchema } from '../../shared/fault.ts';
import type { HostilePeer } from '../fakes/hostile/peer.ts';

/** 10,000 in all, for the five kinds of peers; GLIDEPATH_FUZZ: as many for each; GLIDEPATH_SEED: others than always. */
export const sizes = (): { cases: number; seed: number } => ({
  cases: Number(process.env.GLIDEPATH_FUZZ ?? 2000),
  seed: Number(process.env.GLIDEPATH_SEED ?? 20_261_122),
});

/** How a case ended: the code of its fault, which holds none of the secrets, or what `work` says. */
export async function endOf(work: Promise<string>, secrets: readonly string[]): Promise<string> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const told = JSON.stringify(faultSchema.parse(error.fault));
    for (const secret of secrets) expect(told).not.toContain(secret);
    return error.fault.code;
  }
}

/** Ends our side, of which nothing may stay open then, and the peer's. */
export async function letGo(peer: HostilePeer, close: () => unknown): Promise<void> {
  await close();
  await peer.released(10_000);
  peer.close();
}

/** A clock that runs `haste` times faster than real time: what takes limits by the clock port has them soon. */
export const hastyClock = (haste: number): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now() * haste,
  after: (ms, call) => {
    const timer = setTimeout(call, ms / haste);
    return () => clearTimeout(timer);
  },
});
