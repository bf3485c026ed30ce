export interface ProxmoxGuest {
  vmid: number;
  type: 'qemu' | 'lxc';
  name: string;
  on: boolean;
  /** Of VMs: the guest agent is not set up, answers, or is set up and does not. */
  agent: 'none' | 'answers' | 'silent';
  /** Milliseconds from being asked to off; null: never. */
  stopsAfterMs: number | null;
  lock?: string;
  paused?: boolean;
  /** The state that HA is to keep it in; absent: it is none of HA's. */
  ha?: 'started' | 'stopped' | 'disabled' | 'ignored';
}

export const proxmoxGuest = (vmid: number, name: string, more: Partial<ProxmoxGuest> = {}): ProxmoxGuest => ({
  vmid,
  type: 'qemu',
  name,
  on: true,
  agent: 'answers',
  stopsAfterMs: 15_000,
  ...more,
});

export const sidOf = ({ type, vmid }: ProxmoxGuest): string => `${type === 'qemu' ? 'vm' : 'ct'}:${vmid}`;
