import type { Delay } from '../../../../shared/ups-command.ts';
import { duration } from '../../../../shared/words.ts';
import type { HidField } from '../report-descriptor.ts';
import type { Recipe, Write } from './recipe.ts';
import type { TimeCode } from './seconds.ts';

/** One timer of a device. */
export interface Timer {
  field: HidField;
  code: TimeCode;
}

/**
 * Whether its "no countdown" can be told from a time. All ones without a sign may be one: in a byte, 255 s would begin.
 * In 16 bits or more that shows on reading back, and is half a day away.
 */
export const hasNone = ({ field, code }: Timer): boolean => !isAllOnes(code) || field.size >= 16;
const isAllOnes = ({ none }: TimeCode) => none > 0;

/** What differs between makers in switching the outlets off and on. */
export interface Manner {
  /** Seconds: its least delay, and the step that longer ones keep. */
  least: number;
  step: number;
  round: 'down' | 'up';
  /** Seconds from off to on that a return asks for. The specification counts both from the moment of the write. */
  gap: number;
  returnNote: string;
  stayoffNote: string;
  /** Eaton's switch for coming back by itself: written first, and set again by a stop. */
  restart: HidField | null;
  switchable: HidField | null;
}

/** Off and on again: the timer for "on" goes first. The other one starts both on some, and then it is too late. */
export function returnRecipe(off: Timer, on: Timer, manner: Manner): Recipe {
  const longest = Math.min(off.code.longest, on.code.longest - manner.gap);
  return {
    command: 'shutdown.return',
    delay: steps(manner, longest),
    note: manner.returnNote,
    switchable: manner.switchable,
    writes: (delay) => [...setRestart(manner.restart, 1), start(on, delay + manner.gap), start(off, delay)],
    says: (delay) => `Switches its outlets off in ${duration(delay)} and on again when the mains are back`,
  };
}

/** Off, and off it stays: the timer for "on" is taken away first, if there is one. */
export function stayoffRecipe(off: Timer, on: Timer | null, manner: Manner): Recipe {
  return {
    command: 'shutdown.stayoff',
    delay: steps(manner, off.code.longest),
    note: manner.stayoffNote,
    switchable: manner.switchable,
    writes: (delay) => [...setRestart(manner.restart, 0), ...(on ? [idle(on)] : []), start(off, delay)],
    says: (delay) =>
      `Switches its outlets off in ${duration(delay)}, and they stay off until it is switched on by hand`,
  };
}

/** One timer that does both by itself. */
export function singleReturn(timer: Timer, delay: Delay, note: string): Recipe {
  return {
    command: 'shutdown.return',
    delay,
    note,
    switchable: null,
    writes: (seconds) => [start(timer, seconds)],
    says: (seconds) => `Switches its outlets off in ${duration(seconds)} and on again when the mains are back`,
  };
}

/** `comesBack`: Eaton's switch for coming back by itself, which "stay off" has taken away. */
export function stopRecipe(timers: readonly Timer[], comesBack: HidField | null = null): Recipe {
  return {
    command: 'shutdown.stop',
    delay: null,
    note: comesBack ? 'Also lets it switch on by itself again when the mains are back.' : '',
    switchable: null,
    writes: () => [...timers.map(idle), ...setRestart(comesBack, 1)],
    says: () => 'The countdown is stopped: its outlets stay as they are',
  };
}

function steps({ least, step, round }: Manner, longest: number): Delay {
  return { kind: 'steps', min: least, max: Math.floor(longest / step) * step, step, round };
}

function start({ field, code }: Timer, seconds: number): Write {
  return { field, raw: code.raw(seconds), proof: { kind: 'counting', from: seconds, seconds: code.seconds } };
}

function idle({ field, code }: Timer): Write {
  return { field, raw: code.none, proof: { kind: 'idle', seconds: code.seconds, steady: isAllOnes(code) } };
}

function setRestart(field: HidField | null, raw: 0 | 1): Write[] {
  return field ? [{ field, raw, proof: { kind: 'same' } }] : [];
}
