import { type ReactElement, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { CopyLine } from '../parts/copy-line.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { Tick } from '../parts/fields.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { asOpenssl } from './server-form.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

interface CertificateProps {
  address: string;
  port: number;
  /** Confirmed already. */
  certificate: string | null;
  onChange: (certificate: string | null) => void;
}

/** Reads the certificate that the server shows, and takes it only when the user says that it is the right one. */
export function Certificate({ address, port, certificate, onChange }: CertificateProps): ReactElement {
  const [read, setRead] = useState<string | null>(null);
  const { isBusy, fault, send } = useSending();
  const shown = read ?? certificate;
  const ask = async () => {
    const answer = await send('servers.readCertificate', { address: address.trim(), port });
    if (!answer) return;
    setRead(answer.value.fingerprint);
    // Another one than was confirmed is not confirmed.
    if (answer.value.fingerprint !== certificate) onChange(null);
  };
  return (
    <div className={styles.certificate}>
      <Button
        label={isBusy ? 'Asking…' : 'Read certificate'}
        icon="key"
        isDisabled={address.trim() === '' || isBusy}
        onPress={() => void ask()}
      />
      {fault && <FaultBox fault={fault} />}
      {shown && (
        <>
          <p>SHA-256 fingerprint of its certificate:</p>
          <Fingerprint text={asOpenssl(shown)} />
          {certificate === null && (
            <>
              <p className={styles.soft}>
                Compare it with what the server itself says of the CERTFILE in its upsd.conf:
              </p>
              <CopyLine text="openssl x509 -noout -fingerprint -sha256 -in /etc/nut/upsd.pem" />
            </>
          )}
          <Tick
            label="It is the same: trust this certificate and no other"
            isSelected={certificate === shown}
            onChange={(isSame) => onChange(isSame ? shown : null)}
          />
        </>
      )}
    </div>
  );
}
