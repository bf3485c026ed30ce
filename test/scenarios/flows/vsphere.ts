import type { Probe, StepActions, StepContext } from '../../../electron/core/ports.ts';
import { type Fault, FaultError } from '../../../shared/fault.ts';
import type { Step } from '../../../shared/sequence.ts';
import type { Bench } from '../bench.ts';
import type { Flow } from './racks.ts';

/** What goes on in the cluster besides what a plan does. */
export interface Cluster {
  /** Seconds of resync that a host has to wait for, once it is asked for it. */
  resync?: Record<string, number>;
  /** VMs that no other host takes. */
  pinned?: readonly string[];
}

/** What hosts were told besides the kind of step. */
export interface Told {
  /** How they entered maintenance mode, as "v1 no-action". */
  modes: readonly string[];
  /** As "pc: command". */
  commands: readonly string[];
}

/** Seconds that acts take which the world does at once. */
const takes: Partial<Record<KindOf, number>> = {
  'retreat-vcls': 60,
  'disable-ha': 10,
  'ignore-member-updates': 5,
  'prepare-vsan': 30,
  'recover-vsan': 30,
  'start-guests': 10,
  command: 20,
};

type KindOf = Step['kind'];

const fault = (code: Fault['code'], what: string): FaultError =>
  new FaultError({ code, what, where: 'world', remedy: 'none' });

/**
 * Makes a vSphere cluster of the world: VMs have hosts, move to hosts that keep their power, and the vCenter shuts
 * down those of all its hosts; resyncs take their time; commands end with exit code 0.
 */
export function vsphere(bench: Bench, { hosts, guests }: Flow, { resync = {}, pinned = [] }: Cluster): Told {
  const { world, clock } = bench;
  const { steps } = world;
  const modes: string[] = [];
  const commands: string[] = [];
  const nodes = hosts.filter(({ kind }) => kind === 'esxi');
  for (const { id } of hosts) world.host(id).guestsOn = new Set(guests[id] ?? []);
  const patch = (kind: KindOf, actions: Pick<StepActions, 'act' | 'probe'>) => Object.assign(steps[kind], actions);

  const down = { ...steps['shut-down-guests'] };
  const ofAll = <T>(context: StepContext, each: (one: StepContext) => Promise<T>): Promise<T[]> => {
    const on = nodes.filter(({ id }) => world.host(id).power === 'on');
    return Promise.all(on.map((host) => each({ ...context, host })));
  };
  patch('shut-down-guests', {
    probe: async (context): Promise<Probe> => {
      if (context.host?.kind !== 'vcenter') return down.probe(context);
      const looks = await ofAll(context, down.probe);
      return looks.find(({ state }) => state !== 'done') ?? { state: 'done', proof: '0 guests on' };
    },
    act: async (context) => {
      if (context.host?.kind !== 'vcenter') return down.act(context);
      const all = await ofAll(context, down.act);
      return { guests: all.flatMap((data) => (Array.isArray(data.guests) ? data.guests.map(String) : [])) };
    },
  });

  // A VM that is a host of its own is off when that host is.
  const seeOff = (carrier: string | undefined): void => {
    for (const { id, runsOn } of hosts)
      if (runsOn !== undefined && runsOn === carrier && world.host(id).power === 'off')
        world.host(runsOn).guestsOn.delete(id);
  };

  const entering = { ...steps['enter-maintenance'] };
  patch('enter-maintenance', {
    probe: entering.probe,
    act: async (context) => {
      seeOff(context.host?.id);
      modes.push(`${context.host?.id} ${context.step.kind === 'enter-maintenance' ? context.step.evacuation : ''}`);
      return entering.act(context);
    },
  });

  // The host in a VM of which Glidepath runs shuts that VM down by itself, and goes off when it is the last one.
  const off = { ...steps['power-off'] };
  const own = hosts.find(({ isThisComputer }) => isThisComputer);
  patch('power-off', {
    probe: off.probe,
    act: async (context) => {
      const carrier = world.host(context.host?.id);
      if (own?.runsOn === undefined || own.runsOn !== context.host?.id) return off.act(context);
      seeOff(own.runsOn);
      carrier.guestsOn.delete(own.name);
      clock.after(10_000, () => {
        world.host(own.id).power = 'off';
        bench.kill();
      });
      return off.act(context);
    },
  });

  const moving = { ...steps['migrate-guests'] };
  patch('migrate-guests', {
    probe: moving.probe,
    act: async (context) => {
      const { guestsOn } = world.host(context.host?.id);
      const to = context.spared().find(({ kind }) => kind === 'esxi');
      if (!to) throw fault('refused', 'no host of its cluster keeps its power');
      const staying = [...guestsOn].filter((guest) => pinned.includes(guest));
      for (const guest of guestsOn) if (!staying.includes(guest)) world.host(to.id).guestsOn.add(guest);
      await moving.act(context);
      for (const guest of staying) guestsOn.add(guest);
      if (staying.length > 0) throw fault('command-failed', `${staying.join(' ')} cannot go`);
      return {};
    },
  });

  const ends = new Map<string, number>();
  patch('wait-resync', {
    act: async () => ({}),
    probe: async ({ host }) => {
      const id = host?.id ?? '';
      const end = ends.get(id) ?? clock.monotonic() + (resync[id] ?? 0) * 1000;
      ends.set(id, end);
      return clock.monotonic() >= end
        ? { state: 'done', proof: 'none left' }
        : { state: 'not-done', seen: 'some left' };
    },
  });

  for (const kind of ['command', 'prepare-vsan', 'recover-vsan'] as const) {
    const ran = new WeakSet<AbortSignal>();
    patch(kind, {
      probe: async ({ signal }) =>
        ran.has(signal) ? { state: 'done', proof: 'exit code 0' } : { state: 'not-done', seen: '' },
      act: async ({ signal, host, step }) => {
        if (world.host(host?.id).power !== 'on') throw fault('unreachable', 'no route to host');
        ran.add(signal);
        if (step.kind === 'command') commands.push(`${host?.id}: ${step.command}`);
        return {};
      },
    });
  }
  for (const [kind, seconds] of Object.entries(takes)) {
    const actions = steps[kind as KindOf];
    const { act } = actions;
    Object.assign(actions, {
      act: async (context: StepContext) => {
        await new Promise<void>((resolve) => clock.after(seconds * 1000, resolve));
        return act(context);
      },
    });
  }
  return { modes, commands };
}
