import type { Clock } from '../ports.ts';
import type { ModelGlidepath } from './glidepath.ts';
import type { HostModel, HostModels } from './host-models.ts';
import type { PowerRoom } from './power-room.ts';

interface OwnScene {
  clock: Clock;
  models: HostModels;
  room: PowerRoom;
  glidepath: ModelGlidepath;
  say(text: string): void;
}

/** Seconds from its power to the start of Glidepath. */
const boots = 120;

/**
 * The computer that Glidepath runs on, if it is one of the hosts. When it goes off, Glidepath ends with it. It starts
 * again only if its power had really gone: a computer that was switched off sees nothing of an outage that its UPS
 * outlasts.
 */
export class OwnComputer {
  readonly #scene: OwnScene;
  readonly #own: HostModel | null;
  #lostPower = false;
  #isBooting = false;

  constructor(scene: OwnScene) {
    this.#scene = scene;
    this.#own = scene.models.all.find(({ host }) => host.isThisComputer) ?? null;
    if (this.#own) scene.models.onChange(this.#own, () => this.#changed());
  }

  /** It is off now, and is on its way back. */
  get comesBack(): boolean {
    return this.#isBooting;
  }

  /** Told with each second: its supply may be empty. */
  passed(): void {
    if (this.#own && !this.#scene.room.isFed(this.#scene.models.carrierOf(this.#own).host.id)) this.#lostPower = true;
  }

  mainsAreBack(): void {
    const own = this.#own;
    if (own?.power !== 'off') return;
    if (!this.#lostPower) {
      this.#sayByHand(own);
      return;
    }
    this.#isBooting = true;
    this.#scene.clock.after(boots * 1000, () => {
      this.#isBooting = false;
      const carrier = this.#scene.models.carrierOf(own);
      if (carrier !== own && carrier.power === 'off') this.#scene.models.setPower(carrier, 'on');
      this.#scene.models.setPower(own, 'on');
      this.#scene.say(`${own.host.name} has its power back: Glidepath is started again`);
      void this.#scene.glidepath.start();
    });
  }

  #changed(): void {
    const own = this.#own;
    if (own?.power !== 'off' || !this.#scene.glidepath.isAlive) return;
    this.#scene.glidepath.end();
    this.#scene.say(`${own.host.name} is off, and Glidepath with it`);
    if (this.#scene.room.hasMains) this.#sayByHand(own);
  }

  #sayByHand({ host }: HostModel): void {
    this.#scene.say(`The mains were back before the battery of ${host.name} was empty: it has to be started by hand`);
  }
}
