import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
  /** As Glidepath pins it: of its DER, like an SSH host key. */
  fingerprint: string;
}

/** A self-signed certificate, new each time. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-certificate-'));
  const [keyFile, certFile] = [join(folder, 'key'), join(folder, 'cert')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', keyFile, '-out', certFile, '-days', '30', '-subj', '/CN=bmc'];
  try {
    execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'pipe' });
    const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
    const digest = createHash('sha256').update(new X509Certificate(cert).raw).digest('base64');
    return { key, cert, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
