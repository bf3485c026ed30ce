import type { SystemUps } from './system-ups.ts';

/**
 * Ids for what an operating system lists by name. A name that two have is no identity for as long as this program runs:
 * they go by the system's own key, or where it has none, or one for both, by their places in the list. The one that was
 * there alone keeps its name until it is gone, if it has a key to be known by.
 */
export class SystemNames {
  readonly #shared = new Set<string>();
  /** Of those with a key that were there at the last look, by name and key. */
  #given = new Map<string, string>();

  /** Each with its id: as many as were found, whatever their names. */
  idsOf(found: readonly SystemUps[]): Map<string, SystemUps> {
    const like = ({ name }: SystemUps) => found.filter((each) => each.name === name);
    const ids = new Map<string, SystemUps>();
    const given = new Map<string, string>();
    for (const ups of found) if (like(ups).length > 1) this.#shared.add(ups.name);
    for (const ups of found) {
      const { name, key } = ups;
      const isKey = key !== '' && like(ups).filter((each) => each.key === key).length === 1;
      const own = `${name}\n${key}`;
      const last = isKey ? key : String(like(ups).indexOf(ups) + 1);
      const id =
        (isKey ? this.#given.get(own) : undefined) ??
        (this.#shared.has(name) ? `system:${name} #${last}` : `system:${name}`);
      if (isKey) given.set(own, id);
      ids.set(id, ups);
    }
    this.#given = given;
    return ids;
  }
}
