import { type Result, result } from './posix-shell.ts';

/** What a power command asks of the machine. */
export type PowerWish = { to: 'off' | 'reboot'; inMs: number } | { to: 'cancel' };

export interface PowerAnswer {
  answer: Result;
  wish: PowerWish | null;
}

/** `hang`: never answers, nothing happens. `stuck`: says yes, nothing happens. `refuses`: says no. */
export type PowerFault = 'none' | 'hang' | 'stuck' | 'refuses';

const nothing: PowerAnswer = { answer: result(), wish: null };

/**
 * The power commands of a systemd machine: what they print (little) and what they start. Undefined: not one of them.
 * The wording for users without the right is logind's.
 */
export function powerCommand(
  words: readonly string[],
  root: boolean,
  fault: PowerFault,
): PowerAnswer | 'never' | undefined {
  const asked = wished(words);
  if (asked === undefined) return undefined;
  if (asked.wish === null) return asked;
  if (!root) return denied('Interactive authentication required.');
  if (fault === 'refuses') return denied('Access denied');
  if (fault === 'hang') return 'never';
  return fault === 'stuck' ? { ...asked, wish: null } : asked;
}

function denied(why: string): PowerAnswer {
  return {
    answer: result(
      '',
      1,
      `Failed to set wall message, ignoring: ${why}\nFailed to power off system via logind: ${why}\n`,
    ),
    wish: null,
  };
}

function wished(words: readonly string[]): PowerAnswer | undefined {
  const name = (words[0] ?? '').replace(/^.*\//, '');
  const plain = words.slice(1).filter((word) => !word.startsWith('-'));
  switch (name) {
    case 'systemctl':
    case 'loginctl':
      if (plain[0] === 'is-system-running') return { answer: result('running\n'), wish: null };
      if (plain[0] === 'poweroff' || plain[0] === 'halt') return now('off');
      return plain[0] === 'reboot' || plain[0] === 'kexec' || plain[0] === 'soft-reboot' ? now('reboot') : nothing;
    case 'poweroff':
    case 'halt':
      return now('off');
    case 'reboot':
      return now('reboot');
    case 'init':
    case 'telinit':
      if (plain[0] === '0') return now('off');
      return plain[0] === '6' ? now('reboot') : nothing;
    case 'shutdown':
      return shutdown(words.slice(1), plain[0]);
    case 'wall':
      return nothing;
    default:
      return undefined;
  }
}

const now = (to: 'off' | 'reboot'): PowerAnswer => ({ answer: result(), wish: { to, inMs: 0 } });

function shutdown(words: readonly string[], when = '+1'): PowerAnswer {
  if (words.includes('-c')) return { answer: result(), wish: { to: 'cancel' } };
  const to = words.includes('-r') ? 'reboot' : 'off';
  if (when === 'now' || when === '+0') return now(to);
  const minutes = /^\+(\d+)$/.exec(when)?.[1];
  if (minutes === undefined)
    return { answer: result('', 1, `Failed to parse time specification: ${when}\n`), wish: null };
  return {
    answer: result('', 0, `Shutdown scheduled, use 'shutdown -c' to cancel.\n`),
    wish: { to, inMs: Number(minutes) * 60_000 },
  };
}
