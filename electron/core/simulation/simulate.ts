import type { DurationsFile } from '../../../shared/durations.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import type { PowerView, SimulationView, WhatIf } from '../../../shared/view.ts';
import { expand } from '../plan/expand.ts';
import { ModelGlidepath } from './glidepath.ts';
import { HostModels } from './host-models.ts';
import { OwnComputer } from './own-computer.ts';
import { PowerRoom } from './power-room.ts';
import { PowerSource } from './power-source.ts';
import { Recorder } from './recorder.ts';
import { stepModels, type Takes } from './step-models.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface SimulationInput {
  sequence: Sequence;
  hosts: readonly Host[];
  /** What the UPSes say now. None: one of an hour is played. */
  powers: readonly PowerView[];
  /** What was learned of durations: the engine decides by it. */
  durations: DurationsFile;
  /** How long steps really take. */
  takes: Takes;
  whatIf: WhatIf;
  /** Lets everything go on that waits for no timer; asked after each one. What it throws ends the simulation. */
  settle(): Promise<void>;
}

/** Ms from the start to the cut: the UPSes must have said that the mains are there. */
const cutAfter = 5000;
/** Ms after the cut at which a simulation ends, whatever may still come. */
const longest = 24 * 3_600_000;
/** Timers after which it ends. */
const mostTimers = 100_000;
/** Ms after the cut, or with the mains back, in which the UPSes say so and the engine decides. */
const calm = 30_000;

/**
 * Plays an outage through: the real engine on a virtual clock, against models of the batteries and of the hosts. The
 * plan counts as armed. The mains fail at once for the UPSes that run from their batteries now, or if none does, for all.
 * Its times are seconds after that.
 * @throws whatever `settle` throws
 */
export async function simulate(input: SimulationInput): Promise<SimulationView> {
  const { sequence, hosts, powers, durations, takes, whatIf, settle } = input;
  const clock = new VirtualClock(settle);
  const compiled = expand(sequence, hosts).sequence;
  const room = new PowerRoom(hosts, powers, whatIf.load);
  const models = new HostModels(clock, hosts, compiled, whatIf.hangs);
  const recorder = new Recorder({ whatIf, compiled, models, cutAt: cutAfter }, clock);
  const source = new PowerSource(clock, room, {
    isOn: (hostId) => models.isOn(hostId),
    passed: () => {
      own.passed();
      for (const model of models.all) if (!room.isFed(model.host.id)) models.cut(model);
      recorder.battery(clock.now(), room.lowest);
    },
  });
  const steps = stepModels(clock, models, takes, source);
  const { decided } = recorder;
  const glidepath = new ModelGlidepath({ clock, source, steps, sequence, hosts, durations, decided });
  const say = (text: string) => recorder.say(clock.now(), text);
  const own = new OwnComputer({ clock, models, room, glidepath, say });
  source.begin();
  try {
    await glidepath.start();
    await settle();
    clock.after(cutAfter, () => source.setMains(false));
    const backAt = whatIf.powerBackAt === null ? null : cutAfter + whatIf.powerBackAt * 1000;
    if (backAt !== null) {
      clock.after(backAt, () => {
        source.setMains(true);
        own.mainsAreBack();
      });
    }
    /** Every host whose power is in danger is off; without any host, the battery is empty. */
    const isDark = () =>
      hosts.length > 0
        ? models.all.every(({ host, power }) => power === 'off' || room.isSafe(host.id))
        : room.lowest <= 0;
    const isOver = (): boolean => {
      const phase = glidepath.run?.phase ?? 'ended';
      if (clock.now() < (backAt ?? cutAfter) + calm) return false;
      if (backAt === null) return isDark() && (!glidepath.isAlive || phase !== 'down');
      return glidepath.isAlive ? phase === 'ended' : !own.comesBack;
    };
    let goesOn = true;
    while (goesOn && clock.called < mostTimers && !isOver()) goesOn = await clock.step(cutAfter + longest);
  } finally {
    source.end();
    glidepath.end();
  }
  return recorder.view(glidepath.run, clock.now(), new PowerRoom(hosts, powers, whatIf.load).emptyAfter());
}
