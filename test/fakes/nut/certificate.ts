import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** NSS database that Debian's upsd reads (CERTPATH). */
  database: string;
  name: string;
  password: string;
  /** As Glidepath pins it. */
  fingerprint: string;
}

/** A self-signed certificate in a database of NSS, the library that Debian's upsd is built with. */
export function makeCertificate(folder: string): Certificate {
  mkdirSync(folder);
  const path = (name: string): string => join(folder, name);
  const run = (command: string, args: string[]): void => {
    execFileSync(command, args, { stdio: 'pipe' });
  };
  const days = ['-days', '3650', '-subj', '/CN=upsd'];
  run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    path('key'),
    '-out',
    path('pem'),
    ...days,
  ]);
  const password = 'database';
  writeFileSync(path('password'), `${password}\n`);
  const bundle = ['-inkey', path('key'), '-in', path('pem'), '-name', 'upsd', '-passout', 'pass:bundle'];
  run('openssl', ['pkcs12', '-export', ...bundle, '-out', path('p12')]);
  run('certutil', ['-N', '-d', folder, '-f', path('password')]);
  run('pk12util', ['-i', path('p12'), '-d', folder, '-W', 'bundle', '-k', path('password')]);
  const hex = new X509Certificate(readFileSync(path('pem'))).fingerprint256.replaceAll(':', '').toLowerCase();
  return { database: folder, name: 'upsd', password, fingerprint: `SHA256:${hex}` };
}
