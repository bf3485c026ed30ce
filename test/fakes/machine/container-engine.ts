import type { After } from '../after.ts';
import { type Result, result } from '../posix-shell.ts';
import type { Program } from './machine.ts';

export interface FakeContainer {
  id: string;
  /** As `ps` prints it: links to it stand behind a comma. */
  name: string;
  state: string;
  /** Milliseconds from its stop signal to its end; null: it does not heed the signal. */
  stopsAfterMs: number | null;
  restart: 'no' | 'always' | 'unless-stopped';
}

export const container = (at: number, name: string, more: Partial<FakeContainer> = {}): FakeContainer => ({
  id: at.toString(16).padStart(64, '0'),
  name,
  state: 'running',
  stopsAfterMs: 15_000,
  restart: 'no',
  ...more,
});

type Work = (one: FakeContainer) => Result | Promise<Result>;

const isOn = ({ state }: FakeContainer): boolean => ['running', 'paused', 'restarting'].includes(state);

const no = (why: string): Result => result('', 1, `Error response from daemon: ${why}\n`);

/**
 * Docker's command line with an engine behind it. What it prints, and its exit codes, are those of docker 28.2.2; what it
 * says of a stop that it cannot do is made up.
 * @see https://docs.docker.com/reference/cli/docker/container/ (ls, stop, kill, start)
 */
export class ContainerEngine {
  readonly containers: FakeContainer[];
  /** It answers. After a boot it is a while behind SSH. */
  isUp = true;
  readonly #after: After;
  readonly #members: readonly string[];

  /** @param members users of the group docker, who may do there what root may */
  constructor(containers: FakeContainer[], after: After, members: readonly string[] = []) {
    this.containers = containers;
    this.#after = after;
    this.#members = members;
  }

  get on(): string[] {
    return this.containers.filter(isOn).map(({ name }) => name);
  }

  readonly program: Program = ({ args, root, user }, machine) => {
    if (!root && !this.#members.includes(user))
      return result('', 1, 'permission denied while trying to connect to the Docker daemon socket\n');
    if (!this.isUp)
      return result(
        '',
        1,
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
      );
    const [verb, ...rest] = args;
    if (verb === 'ps') return this.#list(rest);
    const [ids, work] = this.#asked(verb, rest);
    if (work) {
      const refusal = no(`cannot ${verb} container: ${ids.at(-1)}: permission denied`);
      return machine.does(() => this.#all(ids, work), { says: result(`${ids.join('\n')}\n`), refusal });
    }
    return result('', 125, `unknown command: ${args.join(' ')}\n`);
  };

  /** Its host has booted: what has the policy for it, and was not stopped by hand, is on again. */
  boot(): void {
    for (const one of this.containers) one.state = one.restart === 'always' ? 'running' : 'exited';
  }

  #asked(verb: string | undefined, words: readonly string[]): [ids: readonly string[], work: Work | null] {
    if (verb === 'stop' && words[0] === '-t') return [words.slice(2), (one) => this.#stop(one, Number(words[1]))];
    if (verb === 'kill') return [words, (one) => this.#kill(one)];
    if (verb === 'start') return [words, (one) => this.#start(one)];
    return [[], null];
  }

  #list(words: readonly string[]): Result {
    if (words.slice(0, 3).join(' ') !== '-a --no-trunc --format') return result('', 125, 'not scripted\n');
    const rows = this.containers.map(({ id, name, state }) =>
      (words[3] ?? '').replace('{{.ID}}', id).replace('{{.Names}}', name).replace('{{.State}}', state),
    );
    return result(rows.map((row) => `${row}\n`).join(''));
  }

  async #all(ids: readonly string[], work: Work): Promise<Result> {
    const answers = await Promise.all(
      ids.map((id) => {
        const found = this.containers.find((one) => one.id === id);
        return found ? work(found) : no(`No such container: ${id}`);
      }),
    );
    const all = (name: 'stdout' | 'stderr') => answers.map((answer) => answer[name]).join('');
    return result(all('stdout'), answers.some(({ code }) => code !== 0) ? 1 : 0, all('stderr'));
  }

  #stop(one: FakeContainer, seconds: number): Result | Promise<Result> {
    const done = result(`${one.id}\n`);
    if (!isOn(one)) return done;
    return new Promise((resolve) => {
      this.#after(Math.min(one.stopsAfterMs ?? Number.POSITIVE_INFINITY, seconds * 1000), () => {
        one.state = 'exited';
        resolve(done);
      });
    });
  }

  #kill(one: FakeContainer): Result {
    if (!isOn(one)) return no(`cannot kill container: ${one.id}: container ${one.id} is not running`);
    one.state = 'exited';
    return result(`${one.id}\n`);
  }

  /** Also of one that is on already. */
  #start(one: FakeContainer): Result {
    one.state = 'running';
    return result(`${one.id}\n`);
  }
}
