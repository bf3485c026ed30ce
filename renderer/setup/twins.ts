import type { Host } from '../../shared/inventory.ts';
import type { HostForm } from './host-form.ts';

/** Who else has its name: in questions, runs and notices they could not be told apart. Empty: nobody. */
export function sameName({ name }: Pick<HostForm, 'name'>, others: readonly Host[]): string {
  const isSame = (each: Host): boolean => each.name.trim().toLowerCase() === name.trim().toLowerCase();
  return others.some(isSame) ? 'Another host has this name' : '';
}

/** Who else is reached there: what is done to the one is done to the other. Empty: nobody. */
export function samePlace(form: Pick<HostForm, 'address' | 'port' | 'jump'>, others: readonly Host[]): string {
  const address = form.address.trim().toLowerCase();
  const twin = others.find(
    (each) => each.address.toLowerCase() === address && each.port === form.port && (each.jump ?? null) === form.jump,
  );
  return twin ? `${twin.name} has this address and port: it would be the same machine` : '';
}
