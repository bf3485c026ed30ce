import { quote } from '../ssh/quote.ts';

/** Words and nothing that a shell would act on: only such a command can be asked about without being run. */
const plainWords = /^[\w@%+=:,./ -]+$/;

/** A command of plain words, without the blanks around them; null: a shell would act on something in it. */
export const plain = (command: string): string | null =>
  plainWords.test(command) ? command.trim().replace(/ +/g, ' ') : null;

/** A power-off or user's command taken apart, as far as it can be asked about. */
export interface Wanted {
  /** What is run, without `sudo`. */
  command: string;
  /** Whom sudo makes it run as; null: without sudo. */
  as: string | null;
}

/** Null: not plain words, or with options of sudo that cannot be asked about. */
export function wantedOf(command: string): Wanted | null {
  const words = plain(command);
  if (words === null) return null;
  if (!/^sudo( |$)/.test(words)) return { command: words, as: null };
  const [, user = 'root', asked = ''] = /^sudo(?: -n)?(?: -u ?([\w.-]+))?(?: -n)? (?:-- )?(.*)$/.exec(words) ?? [];
  // Its first words may set variables, and those of the command itself may hold whatever they like.
  return asked === '' || asked.startsWith('-') || /^\S*=/.test(asked) ? null : { command: asked, as: user };
}

/**
 * What a check may ask of any host. None of it changes anything. `sudo -l COMMAND` runs nothing: it says where the
 * command is if it is allowed, and whether a password is asked for first stands in the list alone.
 * @see https://www.sudo.ws/docs/man/sudo.man/ (-l), https://www.sudo.ws/docs/man/sudoers.man/ (listpw, NOPASSWD)
 */
export const asking = {
  signIn: 'true',
  userId: 'id -u',
  sudoAllows: ({ command, as }: Wanted): string => `sudo -n -l ${as === 'root' ? '' : `-u ${as} `}-- ${command}`,
  sudoRules: 'sudo -n -l',
  whereIs: (name: string): string => `command -v ${quote(name)}`,
  esxiPermissions: 'esxcli system permission list',
} as const;
