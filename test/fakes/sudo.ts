import { type Result, result } from './posix-shell.ts';

export interface Sudoer {
  user: string;
  host: string;
  /**
   * Commands that may be run as root without a password, exactly, or with any arguments if without, or with none if with
   * `""`; `ALL`: any.
   * @see https://www.sudo.ws/docs/man/sudoers.man/ (Cmnd)
   */
  rules: readonly string[];
  /** A command's first word as an absolute path. */
  path(word: string): string;
}

/**
 * As its list shows a command.
 * @see https://www.sudo.ws/docs/man/sudoers.man/ (characters that must be escaped in a command's arguments)
 */
const quoted = (rule: string): string => rule.replace(/[,:=\\]/g, '\\$&');

/**
 * What sudo 1.9 with the policy of /etc/sudoers does with its arguments: no matching rule means "ask for the password".
 * `run`: what it runs as root.
 */
export function sudo(words: readonly string[], { user, host, rules, path }: Sudoer): Result | { run: string[] } {
  const first = words.findIndex((word) => !word.startsWith('-'));
  const flags = first === -1 ? words : words.slice(0, first);
  const rest = first === -1 ? [] : words.slice(first);
  const command = [path(rest[0] ?? ''), ...rest.slice(1)].join(' ');
  const [program = ''] = command.split(' ');
  const fits = (rule: string) => path(rule) === command || path(rule) === program || rule === `${command} ""`;
  const allowed = rules.some((rule) => rule === 'ALL' || fits(rule));
  const asks = flags.includes('-n')
    ? 'sudo: a password is required\n'
    : 'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n';
  if (flags.includes('-l')) {
    if (rules.length === 0) return result('', 1, asks);
    if (rest.length > 0) return allowed ? result(`${command}\n`) : result('', 1);
    return result(
      `User ${user} may run the following commands on ${host}:\n    (root) NOPASSWD: ${rules.map(quoted).join(', ')}\n`,
    );
  }
  if (rest.length === 0) return result('', 1, 'usage: sudo -h | -K | -k | -V\n');
  return allowed ? { run: rest } : result('', 1, asks);
}
