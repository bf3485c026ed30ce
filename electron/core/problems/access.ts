import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';

/** What is missing for signing in to a host. */
export function missingFor(host: Host, secretIds: ReadonlySet<string>): { what: string; remedy: string }[] {
  const missing = [];
  if (host.hostKeys.length === 0) {
    const key = platforms[host.kind].by === 'ssh' ? 'host key' : 'certificate';
    const what = `The ${key} of ${host.name} has not been confirmed, so nothing will be sent to it`;
    missing.push({ what, remedy: `Read and confirm its ${key} under Setup.` });
  }
  if (host.login !== 'agent' && !secretIds.has(host.id)) {
    const secret = host.login === 'key' ? 'private key' : 'password';
    missing.push({ what: `No ${secret} is kept for ${host.name}`, remedy: `Enter its ${secret} under Setup.` });
  }
  return missing;
}
