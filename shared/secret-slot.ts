/**
 * What is kept for a host in the keychain: what signs in to it, the SecureOn password of its network card, the password
 * of its management controller.
 */
export const secretSlots = ['login', 'secure-on', 'bmc'] as const;
export type SecretSlot = (typeof secretSlots)[number];

/** Under which name a host's secret is kept and counted. No host's id has a colon. */
export const secretKey = (slot: SecretSlot, hostId: string): string =>
  slot === 'login' ? hostId : `${slot}:${hostId}`;
