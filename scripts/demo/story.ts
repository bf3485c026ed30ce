import type { Brain } from '../../electron/brain/brain.ts';
import type { RunView } from '../../shared/run.ts';
import { type Prepared, speed } from './prepare.ts';
import { Timeline } from './timeline.ts';

/** Real milliseconds after which the demo is given up. */
const patience = 120_000;
/** Real milliseconds between two looks. */
const lookEvery = 20;

/** Moments worth a picture. */
export type Scene = 'mains' | 'countdown' | 'running' | 'down' | 'back';

export interface Stage extends Prepared {
  brain: Pick<Brain, 'status' | 'run'>;
  write(line: string): void;
  picture(scene: Scene): Promise<void>;
}

/** One whole outage: mains, cut, run, proof, power back, return. True only if every host went off and came back. */
export async function playOutage(stage: Stage): Promise<boolean> {
  const { brain, ups, rack, clock, write } = stage;
  const realStart = performance.now();
  const timeline = new Timeline(clock.now(), write);
  const look = () => {
    timeline.status(clock.now(), brain.status());
    const run = brain.run();
    if (run) timeline.run(run);
  };
  const until = (what: string, condition: () => boolean) =>
    waitUntil(what, () => {
      look();
      return condition();
    });
  write(`Time is compressed: ${speed} s pass in one. The hosts are SSH servers in this process, the UPS is simulated.`);
  await until('the UPS', () => brain.status().powers[0]?.state === 'mains');
  await stage.picture('mains');
  timeline.say(clock.now(), '⚡ the mains fail');
  ups.cut();
  await until('the outage', () => brain.status().decision.state === 'counting');
  await stage.picture('countdown');
  await until('the point of no return', () => (brain.run()?.noReturnAt ?? null) !== null);
  await stage.picture('running');
  await until('the end of the way down', () => (brain.run()?.downEndedAt ?? null) !== null);
  const provenOff = rack.machines.filter(
    (machine) => machine.state === 'off' && isProven(brain.run(), machine.name),
  ).length;
  await stage.picture('down');
  timeline.say(clock.now(), '⚡ the mains are back');
  ups.restore();
  await until('the end of the return', () => brain.run()?.phase === 'ended');
  const back = rack.machines.filter((machine) => machine.state === 'on').length;
  await stage.picture('back');
  const count = rack.machines.length;
  const guests = rack.guestsOn();
  const seconds = ((performance.now() - realStart) / 1000).toFixed(1);
  write(`guests running again on esx-1: ${guests.join(', ') || 'none'}`);
  write(`demo: ${provenOff} of ${count} hosts proven off, ${back} brought back, ${seconds} s`);
  return provenOff === count && back === count && brain.run()?.result === 'done' && guests.length === rack.guestCount;
}

/** Proven by the app's own evidence, not by the rack's word. */
function isProven(run: RunView | null, host: string): boolean {
  if (!run) return false;
  return run.sequence.stages
    .flatMap((stage) => stage.steps)
    .some((step) => step.kind === 'power-off' && step.target === host && run.steps[step.id]?.state === 'done');
}

function waitUntil(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + patience;
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (condition()) {
        clearInterval(timer);
        resolve();
      } else if (performance.now() > end) {
        clearInterval(timer);
        reject(new Error(`the demo waited ${patience / 1000} s in vain for ${what}`));
      }
    }, lookEvery);
  });
}
