import type { Host } from '../../shared/inventory.ts';
import type { Stage, StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import { stepIcon } from '../parts/icons.tsx';
import type { MenuEntry } from '../parts/menu.tsx';
import { edit } from '../store/draft.ts';
import { hostsFor } from './targets.ts';

interface PaletteKind {
  heading: 'Hosts' | 'Guests' | 'VMware' | 'vSAN' | 'Ceph' | 'UPS' | 'Other';
  hint: string;
}

/** Every kind of step where it is looked for, in this order. */
export const palette: Readonly<Record<StepKind, PaletteKind>> = {
  'power-off': { heading: 'Hosts', hint: 'A clean shutdown of a machine, proven by its silence' },
  wake: { heading: 'Hosts', hint: 'Switched on over the network, then wait until it answers' },
  command: { heading: 'Hosts', hint: 'Any command, over SSH' },
  'enter-maintenance': { heading: 'Hosts', hint: 'So that nothing starts by itself when the host wakes' },
  'exit-maintenance': { heading: 'Hosts', hint: 'The host may run guests again' },
  'disable-ha': { heading: 'Hosts', hint: 'So that nothing is started elsewhere while hosts go down' },
  'enable-ha': { heading: 'Hosts', hint: 'As it was before' },
  'shut-down-guests': { heading: 'Guests', hint: 'Every running VM or container of a host, in order' },
  'migrate-guests': { heading: 'Guests', hint: 'To hosts of the cluster that keep their power' },
  'start-guests': { heading: 'Guests', hint: 'Those that this run found running and shut down' },
  'retreat-vcls': { heading: 'VMware', hint: "vCenter's own agent VMs, which cannot be shut down" },
  'restore-vcls': { heading: 'VMware', hint: 'vCenter may start its agent VMs again' },
  'wait-resync': { heading: 'vSAN', hint: 'Until no data of the vSAN cluster is on its way' },
  'ignore-member-updates': { heading: 'vSAN', hint: 'Before a vSAN cluster goes down as a whole' },
  'prepare-vsan': { heading: 'vSAN', hint: 'On one host, before the whole cluster goes down' },
  'recover-vsan': { heading: 'vSAN', hint: 'On one host, when the whole cluster is up' },
  'heed-member-updates': { heading: 'vSAN', hint: 'When the vSAN cluster is up again' },
  'set-ceph-flags': { heading: 'Ceph', hint: 'So that Ceph does not move data when nodes go' },
  'unset-ceph-flags': { heading: 'Ceph', hint: 'Ceph may move data again' },
  'ups-off': { heading: 'UPS', hint: 'After a delay; what is still on then is cut hard' },
  wait: { heading: 'Other', hint: 'A fixed time' },
  notify: { heading: 'Other', hint: 'A message on this computer and by the channels of Setup' },
};

const kinds = Object.keys(palette) as StepKind[];

/** What [+] offers. A kind that cannot be is shown, and says what it lacks. */
export function paletteEntries(
  stage: Stage,
  phase: 'down' | 'return',
  hosts: readonly Host[],
  known: readonly KnownSupply[],
): MenuEntry[] {
  const ups = upsFor(stage, known);
  return kinds.map((kind) => {
    const { heading, hint } = palette[kind];
    const lacks = kind === 'ups-off' ? upsLacks(phase, ups) : hostLacks(kind, hosts);
    return {
      id: kind,
      label: stepKinds[kind].label,
      icon: stepIcon(kind),
      heading,
      hint: lacks ?? hint,
      isDisabled: lacks !== null,
      onAction: () => edit({ type: 'add-step', stageId: stage.id, kind, ups }),
    };
  });
}

function hostLacks(kind: StepKind, hosts: readonly Host[]): string | null {
  const { targets, needs } = stepKinds[kind];
  return targets !== null && hostsFor(kind, hosts).length === 0 ? `Needs ${needs}: add one under Setup` : null;
}

function upsLacks(phase: 'down' | 'return', ups: string | null): string | null {
  if (phase === 'return') return 'Only on the way down';
  return ups === null ? 'Needs a UPS that may be commanded: allow it under Setup' : null;
}

/** The first that may be commanded and that the stage does not turn off yet; null: none may be. */
function upsFor(stage: Stage, known: readonly KnownSupply[]): string | null {
  const used = new Set(stage.steps.map((step) => (step.kind === 'ups-off' ? step.ups : null)));
  const allowed = known.filter((supply) => supply.commandsAllowed);
  return (allowed.find(({ id }) => !used.has(id)) ?? allowed[0])?.id ?? null;
}
