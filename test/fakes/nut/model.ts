import { quoteWord, splitWords } from '../../../electron/ups/nut/words.ts';

export interface ModelUps {
  description: string;
  variables: Map<string, string>;
  writable: Set<string>;
  commands: Set<string>;
  /** What the driver does with a command; gives what tracking tells. */
  obey(command: string, variables: Map<string, string>): string;
  /** An `ERR` for everything that is asked of it; empty: none. */
  trouble: string;
}

/** What upsd answers, without a socket: for what its own dummy-ups cannot do, and as the sane part of a hostile peer. */
export class UpsdModel {
  readonly upses = new Map<string, ModelUps>();
  /** The lines that it was told. */
  readonly told: string[] = [];
  readonly #results = new Map<string, string>();
  tracking = false;

  add(name: string, variables: Readonly<Record<string, string>>, more: Partial<ModelUps> = {}): ModelUps {
    const ups: ModelUps = {
      description: `UPS ${name}`,
      variables: new Map(Object.entries(variables)),
      writable: new Set(),
      commands: new Set(),
      obey: () => 'SUCCESS',
      trouble: '',
      ...more,
    };
    this.upses.set(name, ups);
    return ups;
  }

  /** The lines that answer one line, without line ends. */
  answer(line: string): string[] {
    this.told.push(line);
    const [verb = '', ...words] = splitWords(line) ?? [];
    if (verb === 'USERNAME' || verb === 'PASSWORD' || verb === 'LOGIN') return ['OK'];
    if (verb === 'SET' && words[0] === 'TRACKING') {
      this.tracking = true;
      return ['OK'];
    }
    if (verb === 'LIST' && words[0] === 'UPS') {
      return list(
        'UPS',
        [...this.upses].map(([name, { description }]) => [name, description]),
      );
    }
    if (verb === 'GET' && words[0] === 'TRACKING') return [this.#results.get(words[1] ?? '') ?? 'ERR UNKNOWN'];
    const ups = this.upses.get(words[verb === 'INSTCMD' ? 0 : 1] ?? '');
    if (!ups) return ['ERR UNKNOWN-UPS'];
    return ups.trouble === '' ? this.#ofUps(ups, verb, words) : [`ERR ${ups.trouble}`];
  }

  #ofUps(ups: ModelUps, verb: string, words: string[]): string[] {
    const [what = '', name = '', variable = ''] = words;
    switch (`${verb} ${what}`) {
      case 'LIST VAR':
        return list(`VAR ${name}`, [...ups.variables]);
      case 'LIST RW':
        return list(
          `RW ${name}`,
          [...ups.variables].filter(([key]) => ups.writable.has(key)),
        );
      case 'LIST CMD':
        return list(
          `CMD ${name}`,
          [...ups.commands].map((command) => [command]),
        );
      case 'GET VAR': {
        const value = ups.variables.get(variable);
        return [value === undefined ? 'ERR VAR-NOT-SUPPORTED' : `VAR ${name} ${variable} ${quoted(value)}`];
      }
      case 'SET VAR':
        if (!ups.writable.has(variable)) return ['ERR READONLY'];
        ups.variables.set(variable, words[3] ?? '');
        return this.#accepted('SUCCESS');
      default:
        if (verb !== 'INSTCMD') return ['ERR UNKNOWN-COMMAND'];
        return ups.commands.has(name) ? this.#accepted(ups.obey(name, ups.variables)) : ['ERR CMD-NOT-SUPPORTED'];
    }
  }

  #accepted(result: string): string[] {
    if (!this.tracking) return ['OK'];
    const id = `id-${this.#results.size + 1}`;
    this.#results.set(id, result);
    return [`OK TRACKING ${id}`];
  }
}

const quoted = (word: string): string => `"${word.replace(/["\\]/g, '\\$&')}"`;

function list(of: string, rows: string[][]): string[] {
  const lines = rows.map(
    ([key = '', value]) => `${of} ${quoteWord(key)}${value === undefined ? '' : ` ${quoted(value)}`}`,
  );
  return [`BEGIN LIST ${of}`, ...lines, `END LIST ${of}`];
}
