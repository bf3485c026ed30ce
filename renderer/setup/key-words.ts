import { assertNever } from '../../shared/assert-never.ts';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';

const ofCertificate = 'openssl x509 -noout -fingerprint -sha256';

/** The command by which the machine itself tells the same fingerprint; null: its own pages or screen show it. */
export function commandFor(of: KeyOwner, { kind }: Pick<Host, 'kind'>, { type }: HostKey): string | null {
  if (of === 'bmc') return null;
  switch (kind) {
    case 'esxi-api':
      return `${ofCertificate} -in /etc/vmware/ssl/rui.crt`;
    case 'vcenter':
      return `/usr/lib/vmware-vmafd/bin/vecs-cli entry getcert --store MACHINE_SSL_CERT --alias __MACHINE_CERT | ${ofCertificate}`;
    case 'windows':
    case 'hyper-v':
      return `ssh-keygen -lf C:\\ProgramData\\ssh\\${keyFile(type)}`;
    case 'esxi':
      // Its ssh-keygen is in no folder that its shell looks in.
      return `/usr/lib/vmware/openssh/bin/ssh-keygen -lf /etc/ssh/${keyFile(type)}`;
    case 'linux':
    case 'proxmox':
    case 'libvirt':
    case 'xcp-ng':
    case 'truenas':
    case 'synology':
    case 'qnap':
    case 'unraid':
    case 'freebsd':
    case 'macos':
    case 'docker':
    case 'kubernetes':
    case 'other':
      return `ssh-keygen -lf /etc/ssh/${keyFile(type)}`;
    default:
      return assertNever(kind, 'kind of host');
  }
}

/** Where OpenSSH keeps the public half of a host key of that type. */
function keyFile(type: string): string {
  if (type.startsWith('ecdsa')) return 'ssh_host_ecdsa_key.pub';
  return type === 'ssh-rsa' ? 'ssh_host_rsa_key.pub' : 'ssh_host_ed25519_key.pub';
}
