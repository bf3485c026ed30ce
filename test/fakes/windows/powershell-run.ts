import { type Node, parse } from './powershell-syntax.ts';
import { isTrue, member, PowerShellError, single, stream, text, toJson, type Value } from './powershell-values.ts';

/** A command with what it is given. Names of parameters are in small letters. */
export interface Call {
  named: ReadonlyMap<string, Value>;
  args: readonly Value[];
  input: readonly Value[];
}

/** What the machine knows. Undefined: no such command. */
export interface Surroundings {
  cmdlet(name: string, call: Call): Value[] | undefined;
  /** A program with its words. What it prints goes where the script's own output goes, unless it is kept. */
  program(name: string, words: readonly string[]): { stdout: string; code: number } | undefined;
  /** Members of a role by its SID, of who is signed in. */
  isInRole(sid: string): boolean;
}

export interface Ran {
  stdout: string;
  /** Whether the last command succeeded, which is all that -Command makes an exit code of. */
  succeeded: boolean;
}

interface Block {
  block: Extract<Node, { is: 'block' }>;
}

/** Runs a script. @throws PowerShellSyntaxError, PowerShellError */
export function runScript(source: string, around: Surroundings): Ran {
  const script = new Script(around);
  const left = script.run(parse(source));
  const printed = left.map((value) => `${text(value).replace(/\r?\n$/, '')}\r\n`).join('');
  return { stdout: script.written + printed, succeeded: script.succeeded };
}

class Script {
  written = '';
  succeeded = true;
  readonly #around: Surroundings;
  readonly #variables = new Map<string, Value>([
    ['true', true],
    ['false', false],
    ['null', null],
    ['env:computername', 'HV01'],
  ]);

  constructor(around: Surroundings) {
    this.#around = around;
  }

  run(body: readonly Node[]): Value[] {
    return body.flatMap((node) => this.#stream(node));
  }

  /** What a statement puts out. */
  #stream(node: Node, input: readonly Value[] = []): Value[] {
    switch (node.is) {
      case 'assignment':
        this.#assign(node.to, this.#from(node.from));
        return [];
      case 'pipeline':
        return node.parts.reduce<Value[]>((values, part) => this.#stream(part, values), []);
      case 'command':
        return this.#command(node, input);
      case 'try':
        try {
          return this.run(node.body);
        } catch (error) {
          if (!(error instanceof PowerShellError)) throw error;
          return this.#with('_', errorRecord(error), () => this.run(node.caught));
        }
      case 'if':
        return isTrue(this.#value(node.condition)) ? this.run(node.body) : [];
      default:
        return stream(this.#value(node));
    }
  }

  #value(node: Node): Value {
    switch (node.is) {
      case 'value':
        return node.value;
      case 'text':
        return node.parts.map((part) => (typeof part === 'string' ? part : text(this.#value(part)))).join('');
      case 'variable':
        return this.#variables.get(node.name) ?? null;
      case 'type':
        return { type: node.name };
      case 'cast':
        return cast(node.type, this.#value(node.of));
      case 'member':
        return this.#member(node);
      case 'statements': {
        const values = this.run(node.body);
        return node.as === 'array' ? values : single(values);
      }
      case 'hash':
        return Object.fromEntries(node.pairs.map(([key, from]) => [key, this.#from(from)]));
      case 'block':
        return { block: node } satisfies Block;
      case 'list':
        return node.items.map((item) => this.#value(item));
      case 'operator':
        return operate(node.name, this.#value(node.left), () => this.#value(node.right));
      default:
        return single(this.#stream(node));
    }
  }

  /** What is kept of a statement: an array that was made as one stays one, also with one item. */
  #from(node: Node): Value {
    return isValue(node) ? this.#value(node) : single(this.#stream(node));
  }

  #member({ of, name, args }: Extract<Node, { is: 'member' }>): Value {
    const owner = this.#value(of);
    if (args === null) return of.is === 'type' ? { type: `${of.name}::${name}` } : member(owner, name);
    const values = args.map((arg) => this.#value(arg));
    const type = (owner as { type?: string } | null)?.type?.toLowerCase();
    switch (`${type}.${name}`) {
      case 'console::out.writeline':
        this.written += `${text(values[0])}\r\n`;
        return [];
      case 'regex.replace':
        return text(values[0]).replace(new RegExp(text(values[1]), 'g'), (match) =>
          text(single(this.#call(values[2] as Block, [{ value: match }]))),
        );
      case 'security.principal.windowsidentity.getcurrent':
        return { type: 'identity' };
      case 'principal.isinrole':
        return this.#around.isInRole(text(member(values[0], 'sid')));
      default:
        throw new PowerShellError('InvalidOperation', `Fehler beim Aufrufen der Methode "${name}".`);
    }
  }

  #call({ block }: Block, values: readonly Value[]): Value[] {
    block.names.forEach((name, at) => {
      this.#variables.set(name.toLowerCase(), values[at] ?? null);
    });
    return this.run(block.body);
  }

  #command(node: Extract<Node, { is: 'command' }>, input: readonly Value[]): Value[] {
    const name = this.#value(node.name);
    if (typeof name === 'object' && name !== null && 'block' in name) return this.#call(name as Block, []);
    const named = new Map(
      node.args.flatMap(({ name: key, value }) =>
        key === null ? [] : [[key.toLowerCase(), value === null ? true : this.#value(value)] as const],
      ),
    );
    const args = node.args.flatMap(({ name: key, value }) => (key === null && value ? [this.#value(value)] : []));
    const own = this.#own(text(name).toLowerCase(), { named, args, input });
    if (own !== undefined) return own;
    const answered = this.#cmdlet(text(name).toLowerCase(), { named, args, input });
    if (answered !== undefined) return answered;
    const words = node.args.flatMap(({ name: key, value }) => [
      ...(key === null ? [] : [`-${key}`]),
      ...(value === null ? [] : stream(this.#value(value)).map(text)),
    ]);
    const ran = this.#around.program(text(name), words);
    if (ran === undefined) {
      throw new PowerShellError(
        'ObjectNotFound',
        `Die Benennung "${text(name)}" wurde nicht als Name eines Cmdlet, einer Funktion, einer Skriptdatei oder eines ausführbaren Programms erkannt.`,
      );
    }
    this.#variables.set('lastexitcode', ran.code);
    this.succeeded = ran.code === 0;
    return ran.stdout === '' ? [] : [ran.stdout];
  }

  #own(name: string, { named, args, input }: Call): Value[] | undefined {
    switch (name) {
      case 'foreach-object':
        return input.flatMap((item) => this.#with('_', item, () => this.#call(args[0] as Block, [])));
      case 'where-object':
        return input.filter((item) => isTrue(this.#with('_', item, () => single(this.#call(args[0] as Block, [])))));
      case 'convertto-json':
        return [toJson(named.get('inputobject'), Number(named.get('depth') ?? 2))];
      case 'new-object':
        return [made(text(args[0]))];
      default:
        return undefined;
    }
  }

  /** Unless told to stop, PowerShell goes on after what a cmdlet failed in. */
  #cmdlet(name: string, call: Call): Value[] | undefined {
    try {
      return this.#around.cmdlet(name, call);
    } catch (error) {
      if (!(error instanceof PowerShellError) || this.#variables.get('erroractionpreference') === 'Stop') throw error;
      this.succeeded = false;
      return [];
    }
  }

  #assign(to: Node, value: Value): void {
    if (to.is === 'variable') {
      if (to.name !== 'null') this.#variables.set(to.name, value);
    } else if (to.is !== 'member' || to.of.is !== 'type') {
      throw new PowerShellError('InvalidOperation', 'Der Zuweisungsausdruck ist ungültig.');
    }
  }

  #with<T>(name: string, value: Value, work: () => T): T {
    const before = this.#variables.get(name);
    this.#variables.set(name, value);
    try {
      return work();
    } finally {
      this.#variables.set(name, before);
    }
  }
}

/** What stands for a value by itself, and is not put through a pipeline. */
const isValue = (node: Node): boolean => !['command', 'pipeline', 'assignment', 'try', 'if'].includes(node.is);

/** As text it is its message. */
const errorRecord = (error: PowerShellError): Value =>
  Object.assign(error, { CategoryInfo: { Category: error.category } });

function made(type: string): Value {
  if (type === 'Text.UTF8Encoding') return { type: 'utf8' };
  if (type === 'Security.Principal.WindowsPrincipal') return { type: 'principal' };
  throw new PowerShellError('InvalidType', `Der Typ [${type}] wurde nicht gefunden.`);
}

function cast(type: string, value: Value): Value {
  switch (type.toLowerCase()) {
    case 'int':
      return typeof value === 'string' ? value.charCodeAt(0) : Number(value);
    case 'char':
      return text(value);
    case 'security.principal.securityidentifier':
      if (!/^S-1(-\d+)+$/.test(text(value))) throw new PowerShellError('InvalidArgument', 'Keine SID.');
      return { sid: text(value) };
    default:
      throw new PowerShellError('InvalidType', `Der Typ [${type}] wurde nicht gefunden.`);
  }
}

function operate(name: string, left: Value, right: () => Value): Value {
  const same = (): boolean => text(left).toLowerCase() === text(right()).toLowerCase();
  switch (name) {
    case '-and':
      return isTrue(left) && isTrue(right());
    case '-or':
      return isTrue(left) || isTrue(right());
    case '-eq':
      return same();
    case '-ne':
      return !same();
    case '-gt':
      return Number(left) > Number(right());
    case '-like':
      return like(text(right())).test(text(left));
    case '-f':
      return text(left).replace(/\{0:x4\}/g, () => Number(right()).toString(16).padStart(4, '0'));
    case '+':
      return `${text(left)}${text(right())}`;
    default:
      throw new Error(`no operator of the fake: ${name}`);
  }
}

const like = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
