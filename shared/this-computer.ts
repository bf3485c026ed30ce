import type { Host } from './inventory.ts';

/** The computer that Glidepath runs on, if it is one of them. */
export const thisComputer = (hosts: readonly Host[]): Host | null => hosts.find((host) => host.isThisComputer) ?? null;

/** The host takes the computer with it that Glidepath runs on: it is that one's hypervisor. */
export const isOwnCarrier = (host: Host, own: Host | null): own is Host =>
  own !== null && own.runsOn === host.id && own.id !== host.id;

/** It is that computer, or its hypervisor: wherever Glidepath runs, it is on. */
export const bringsUs = (host: Host, own: Host | null): boolean => host.isThisComputer || isOwnCarrier(host, own);
