import type { Fault } from '../../shared/fault.ts';
import type { PowerView } from '../../shared/view.ts';
import { forget, lose, type Moment, type Monitored, observe, powerState, powerView, watch } from './monitor.ts';
import type { UpsEvent } from './ports.ts';

/** Every UPS that has been seen since the start, by id: one that is unplugged is not forgotten. */
export class Supplies {
  readonly #byId = new Map<string, Monitored>();
  #trouble: Fault | null = null;

  get all(): Monitored[] {
    return [...this.#byId.values()];
  }

  get trouble(): Fault | null {
    return this.#trouble;
  }

  take(event: UpsEvent, at: Moment): void {
    switch (event.type) {
      case 'found': {
        const known = this.#byId.get(event.ups.id) ?? this.#moved(event.ups.id);
        this.#byId.set(event.ups.id, known ? { ...known, ups: event.ups } : watch(event.ups, at));
        return;
      }
      case 'reading': {
        const known = this.#byId.get(event.reading.upsId);
        if (known) this.#byId.set(known.ups.id, observe(known, event.reading, event.fresh, at));
        return;
      }
      case 'lost': {
        const known = this.#byId.get(event.upsId);
        if (known) this.#byId.set(known.ups.id, lose(known, event.fault, at));
        return;
      }
      case 'trouble':
        this.#trouble = event.fault;
    }
  }

  /**
   * A unit without a serial number is known by its USB port (`...@port`): one of the same make that is found while it
   * is lost is the same one, plugged in elsewhere. Left as two, the lost one would count down for ever.
   */
  #moved(id: string): Monitored | undefined {
    const make = id.split('@')[0];
    if (!id.includes('@')) return undefined;
    const lost = this.all.find((one) => one.lostMono !== null && one.ups.id.startsWith(`${make}@`));
    if (lost) this.#byId.delete(lost.ups.id);
    return lost;
  }

  /** After this computer slept: nothing read before counts. */
  forget(at: Moment): void {
    for (const one of this.all) this.#byId.set(one.ups.id, forget(one, at));
  }

  views(at: Moment): PowerView[] {
    return this.all.map((one) => powerView(one, at));
  }

  /** At least one UPS runs from its battery, as far as anybody knows. */
  get onBattery(): boolean {
    return this.all.some((one) => one.confirmed === 'battery');
  }

  /** No UPS is on battery as far as anybody knows, and one at least says, confirmed, that the mains are there. */
  onMains(at: Moment): boolean {
    return !this.onBattery && this.all.some((one) => powerState(one, at) === 'mains');
  }

  /** A reading that speaks of battery has come in and is not confirmed yet: the next poll should come soon. */
  get suspicious(): boolean {
    return this.all.some((one) => one.evidence !== null);
  }
}
