/**
 * A part of PowerShell's grammar, read strictly: what is not in it is a syntax error, as it may be one there.
 * @see https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02 (2.3.5.2 string literals, 2.2.2 quotes)
 */
export type Node =
  | { is: 'value'; value: string | number }
  | { is: 'text'; parts: (string | Node)[] }
  | { is: 'variable'; name: string }
  | { is: 'type'; name: string }
  | { is: 'cast'; type: string; of: Node }
  | { is: 'member'; of: Node; name: string; args: Node[] | null }
  | { is: 'statements'; as: 'array' | 'value'; body: Node[] }
  | { is: 'hash'; pairs: [string, Node][] }
  | { is: 'block'; names: string[]; body: Node[] }
  | { is: 'list'; items: Node[] }
  | { is: 'operator'; name: string; left: Node; right: Node }
  | { is: 'command'; name: Node; args: { name: string | null; value: Node | null }[] }
  | { is: 'pipeline'; parts: Node[] }
  | { is: 'assignment'; to: Node; from: Node }
  | { is: 'try'; body: Node[]; caught: Node[] }
  | { is: 'if'; condition: Node; body: Node[] };

export class PowerShellSyntaxError extends Error {}

const singles = "'\u2018\u2019\u201a\u201b";
const doubles = '"\u201c\u201d\u201e';

/** @throws PowerShellSyntaxError */
export function parse(source: string): Node[] {
  const reader = new Reader(source);
  const body = reader.statements();
  reader.end();
  return body;
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  end(): void {
    if (this.#at < this.#source.length) this.#fail();
  }

  statements(): Node[] {
    const found: Node[] = [];
    for (;;) {
      while (this.#eat(/[\s;]+/y));
      if (this.#at === this.#source.length || this.#sees(/[)}]/y)) return found;
      found.push(this.#statement());
      if (!this.#sees(/[ \t]*([\r\n;)}]|$)/y)) this.#fail();
    }
  }

  #statement(): Node {
    if (this.#eat(/try(?=\s*\{)/y)) {
      const body = this.#braces();
      if (!this.#eat(/\s*catch/y)) this.#fail();
      return { is: 'try', body, caught: this.#braces() };
    }
    if (this.#eat(/if\s*\(/y)) {
      const condition: Node = { is: 'statements', as: 'value', body: this.statements() };
      this.#need(')');
      return { is: 'if', condition, body: this.#braces() };
    }
    const first = this.#pipeline();
    if (!this.#eat(/[ \t]*=/y)) return first;
    return { is: 'assignment', to: first, from: this.#statement() };
  }

  #pipeline(): Node {
    const parts: Node[] = [];
    do {
      this.#blanks();
      parts.push(this.#isCommand() ? this.#command() : this.#expression());
    } while (this.#eat(/\s*\|/y));
    return parts.length === 1 ? (parts[0] as Node) : { is: 'pipeline', parts };
  }

  #isCommand(): boolean {
    return this.#sees(/&|[A-Za-z_]/y);
  }

  #command(): Node {
    const name: Node = this.#eat(/&/y) ? this.#word() : { is: 'value', value: this.#take(/[\w.:\\/-]+/y) };
    const args: { name: string | null; value: Node | null }[] = [];
    for (;;) {
      // A block may stand right behind its command.
      if (!this.#eat(/[ \t]+/y) && !this.#sees(/\{/y)) break;
      if (this.#sees(/[;|)}\r\n]|$/y)) break;
      const named = this.#eat(/-([A-Za-z]\w*)/y);
      if (named === null) {
        args.push({ name: null, value: this.#words() });
        continue;
      }
      if (!this.#sees(/[ \t]+[^-;|)}\s]/y)) {
        args.push({ name: named[1] as string, value: null });
        continue;
      }
      this.#blanks();
      args.push({ name: named[1] as string, value: this.#words() });
    }
    return { is: 'command', name, args };
  }

  /** Arguments with commas between them are one list. */
  #words(): Node {
    const items = [this.#word()];
    while (this.#eat(/,[ \t]*/y)) items.push(this.#word());
    return items.length === 1 ? (items[0] as Node) : { is: 'list', items };
  }

  /** One argument, in which words stand for themselves. */
  #word(): Node {
    if (this.#sees(/[$@({]/y) || this.#seesQuote()) return this.#postfix(this.#atom());
    return { is: 'value', value: this.#take(/[\w/.:=+\\*[\]-]+/y) };
  }

  #expression(least = 0): Node {
    let left = this.#unary();
    for (;;) {
      const start = this.#at;
      const name = this.#eat(/[ \t]*(-(?:eq|ne|gt|like|and|or|f)\b|\+|,)/iy)?.[1]?.toLowerCase();
      const binds = name === undefined ? -1 : strength(name);
      if (name === undefined || binds < least) {
        this.#at = start;
        return left;
      }
      this.#blanks();
      const right = this.#expression(binds + 1);
      if (name !== ',') left = { is: 'operator', name, left, right };
      else left = { is: 'list', items: left.is === 'list' ? [...left.items, right] : [left, right] };
    }
  }

  #unary(): Node {
    this.#blanks();
    const type = this.#eat(/\[([\w.]+)\]/y)?.[1];
    if (type === undefined) return this.#postfix(this.#atom());
    if (this.#sees(/::/y)) return this.#postfix({ is: 'type', name: type });
    return { is: 'cast', type, of: this.#unary() };
  }

  #atom(): Node {
    const variable = this.#eat(/\$(_|env:\w+|[A-Za-z]\w*)/y)?.[1];
    if (variable !== undefined) return { is: 'variable', name: variable.toLowerCase() };
    const number = this.#eat(/\d+/y)?.[0];
    if (number !== undefined) return { is: 'value', value: Number(number) };
    const opens = this.#eat(/@\(|\$\(|\(/y)?.[0];
    if (opens !== undefined) {
      const body = this.statements();
      this.#need(')');
      return { is: 'statements', as: opens === '@(' ? 'array' : 'value', body };
    }
    if (this.#eat(/@\{/y)) return this.#hash();
    if (this.#sees(/\{/y)) return this.#block();
    return this.#quoted();
  }

  #postfix(of: Node): Node {
    let node = of;
    for (;;) {
      const name = this.#eat(/(?:\.|::)([A-Za-z]\w*)/y)?.[1];
      if (name === undefined) return node;
      node = { is: 'member', of: node, name: name.toLowerCase(), args: this.#sees(/\(/y) ? this.#call() : null };
    }
  }

  #call(): Node[] {
    this.#need('(');
    const args: Node[] = [];
    while (!this.#eat(/\s*\)/y)) {
      if (args.length > 0 && !this.#eat(/\s*,/y)) this.#fail();
      // Commas part the arguments here, so nothing that binds weaker is read.
      args.push(this.#expression(strength(',') + 1));
    }
    return args;
  }

  #hash(): Node {
    const pairs: [string, Node][] = [];
    for (;;) {
      while (this.#eat(/[\s;]+/y));
      if (this.#eat(/\}/y)) return { is: 'hash', pairs };
      const key = this.#take(/[A-Za-z]\w*/y);
      if (!this.#eat(/[ \t]*=/y)) this.#fail();
      pairs.push([key, this.#statement()]);
      if (!this.#sees(/[ \t]*[\r\n;}]/y)) this.#fail();
    }
  }

  #block(): Node {
    const start = this.#at;
    this.#need('{');
    const names = [...(this.#eat(/\s*param\(([^)]*)\)/y)?.[1] ?? '').matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
    this.#at = names.length > 0 ? this.#at : start + 1;
    const body = this.statements();
    this.#need('}');
    return { is: 'block', names, body };
  }

  #braces(): Node[] {
    while (this.#eat(/\s+/y));
    this.#need('{');
    const body = this.statements();
    this.#need('}');
    return body;
  }

  #quoted(): Node {
    const open = this.#source.charAt(this.#at);
    if (open !== '' && singles.includes(open)) return { is: 'value', value: this.#single() };
    if (open !== '' && doubles.includes(open)) return this.#double();
    return this.#fail();
  }

  /** Any of the five quotes ends it; two of them in a row are one that does not. */
  #single(): string {
    let text = '';
    for (this.#at += 1; ; this.#at += 1) {
      const char = this.#source.charAt(this.#at);
      if (char === '') this.#fail();
      if (singles.includes(char)) {
        this.#at += 1;
        const next = this.#source.charAt(this.#at);
        if (next === '' || !singles.includes(next)) return text;
        text += next;
      } else text += char;
    }
  }

  #double(): Node {
    const parts: (string | Node)[] = [];
    this.#at += 1;
    for (;;) {
      const char = this.#source.charAt(this.#at);
      if (char === '' || char === '`') this.#fail();
      if (doubles.includes(char)) {
        this.#at += 1;
        const next = this.#source.charAt(this.#at);
        if (next === '' || !doubles.includes(next)) return { is: 'text', parts };
        parts.push(next);
        this.#at += 1;
      } else if (this.#sees(/\$[\w(]/y)) {
        parts.push(this.#atom());
      } else {
        parts.push(char);
        this.#at += 1;
      }
    }
  }

  #seesQuote(): boolean {
    const char = this.#source.charAt(this.#at);
    return char !== '' && `${singles}${doubles}`.includes(char);
  }

  #blanks(): void {
    while (this.#eat(/[ \t]+/y));
  }

  #sees(what: RegExp): boolean {
    what.lastIndex = this.#at;
    return what.test(this.#source);
  }

  #eat(what: RegExp): RegExpExecArray | null {
    what.lastIndex = this.#at;
    const found = what.exec(this.#source);
    if (found) this.#at += found[0].length;
    return found;
  }

  #take(what: RegExp): string {
    return this.#eat(what)?.[0] ?? this.#fail();
  }

  #need(char: string): void {
    if (this.#source.charAt(this.#at) !== char) this.#fail();
    this.#at += 1;
  }

  #fail(): never {
    const where = this.#source.slice(this.#at, this.#at + 30);
    throw new PowerShellSyntaxError(`Unerwartetes Token bei Zeichen ${this.#at}: ${where}`);
  }
}

/** @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_operator_precedence */
function strength(operator: string): number {
  if (operator === '-and' || operator === '-or') return 0;
  if (operator === '+') return 2;
  if (operator === '-f') return 3;
  return operator === ',' ? 4 : 1;
}
