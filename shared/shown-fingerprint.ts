import type { HostKey } from './inventory.ts';

/**
 * A certificate's fingerprint as `openssl x509 -fingerprint -sha256` prints it, to be held against that; a host key's
 * stays as `ssh-keygen -l` prints it.
 */
export function shownFingerprint({ type, fingerprint }: HostKey): string {
  if (type !== 'x509') return fingerprint;
  const bytes = [...atob(fingerprint.replace(/^SHA256:/, ''))].map((byte) => byte.charCodeAt(0));
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':');
}
