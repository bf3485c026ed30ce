import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
  /** SHA-256 of its DER, as a person confirms it. */
  fingerprint: string;
}

/** A self-signed certificate, as every ESXi host makes one for itself. */
export function selfSigned(name = 'localhost'): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-tls-'));
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
    execFileSync('openssl', ['req', '-x509', ...made, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert], {
      stdio: 'pipe',
    });
    const text = readFileSync(cert, 'utf8');
    const digest = createHash('sha256').update(new X509Certificate(text).raw).digest('base64').replace(/=+$/, '');
    return { key: readFileSync(key, 'utf8'), cert: text, fingerprint: `SHA256:${digest}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
