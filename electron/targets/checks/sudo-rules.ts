/** What sudo's list says about a command that it allows. */
export type Asks = 'no-password' | 'password' | 'unknown';

/** One command of a rule. */
interface Rule {
  command: string;
  asks: boolean;
}

/**
 * Whether sudo runs `path` (as `sudo -l COMMAND` printed it) as `user` without asking for a password, by what `sudo -l`
 * printed. That the command is allowed does not tell: sudo says so too when it would ask first. The last rule that
 * fits counts.
 * @see https://www.sudo.ws/docs/man/sudoers.man/ (Tag_Spec; "the last match is used")
 */
export function asksForPassword(list: string, path: string, user: string): Asks {
  const lines = list.split('\n');
  const at = lines.findIndex(isHeading);
  if (at === -1) return 'unknown';
  const [head, body] = [lines.slice(0, at).join('\n'), lines.slice(at).join('\n')];
  if (/(^|[\s,])!authenticate(?=[\s,]|$)/m.test(head)) return 'no-password';
  const fitting = rulesOf(body, user).flatMap((rule) => {
    const fit = fits(rule.command, path);
    return fit === 'no' ? [] : [{ ...rule, certain: fit === 'yes' }];
  });
  const last = fitting.at(-1);
  if (!last) return 'unknown';
  // A pattern that may fit or not leaves it open, unless nothing in question says otherwise.
  if (!last.certain && fitting.some((rule) => rule.asks !== last.asks)) return 'unknown';
  return last.asks ? 'password' : 'no-password';
}

/** No expression: what a host prints must not make one take minutes. */
const isHeading = (line: string): boolean =>
  line.startsWith('User ') && line.includes(' may run the following commands') && line.endsWith(':');

function rulesOf(body: string, user: string): Rule[] {
  // Long rules go on in the next line, further in.
  const lines = body.replace(/\n {8}/g, ' ').split('\n');
  return lines.flatMap((line) => {
    const [, runAs = '', commands = ''] = /^ {4}\(([^)]*)\) (.*)$/.exec(line) ?? [];
    return mayBe(runAs, user) ? commandsOf(commands) : [];
  });
}

/** A list with an alias, a group or an exception may mean anybody. */
function mayBe(runAs: string, user: string): boolean {
  const users = (runAs.split(':')[0] ?? '').split(',').map((word) => word.trim());
  return users.some((word) => word === 'ALL' || word === user || /^[#%+!A-Z]/.test(word));
}

/** A tag holds until another takes its place. */
function commandsOf(text: string): Rule[] {
  let asks = true;
  return text.split(/(?<!\\), */).map((part) => {
    const [, tags = '', command = ''] = /^((?:[A-Z_]+: ?|[A-Z_]+=\S+ )*)(.*)$/.exec(part.trim()) ?? [];
    for (const [tag] of tags.matchAll(/(?:NO)?PASSWD/g)) asks = tag === 'PASSWD';
    return { command: command.replace(/\\([,:=])/g, '$1'), asks };
  });
}

function fits(rule: string, path: string): 'yes' | 'no' | 'perhaps' {
  if (rule.startsWith('!')) return 'no';
  // Without arguments a rule allows any, with "" none.
  if (rule === 'ALL' || rule === path || rule === `${path} ""` || rule === path.split(' ')[0]) return 'yes';
  // Patterns, expressions, folders, digests and aliases.
  return /[*?[\]^$\\]|^sha\d+:|\/$|^[A-Z_]+$/.test(rule) ? 'perhaps' : 'no';
}
