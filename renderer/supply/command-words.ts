import { assertNever } from '../../shared/assert-never.ts';
import type { UpsCommand } from '../../shared/ups-command.ts';

export type CommandGroup = 'test' | 'beeper' | 'power';

interface CommandWords {
  group: CommandGroup;
  /** What the button says. */
  label: string;
  /** What it does, one sentence. */
  what: string;
}

export const groups: readonly { id: CommandGroup; title: string }[] = [
  { id: 'test', title: 'Battery test' },
  { id: 'beeper', title: 'Beeper' },
  { id: 'power', title: 'Outlets' },
];

export function commandWords(command: UpsCommand): CommandWords {
  switch (command) {
    case 'test.battery.start.quick':
      return { group: 'test', label: 'Quick test', what: 'Runs from the battery for some seconds.' };
    case 'test.battery.start.deep':
      return {
        group: 'test',
        label: 'Deep test…',
        what: 'Discharges the battery far down. Until it is charged again, an outage lasts less long.',
      };
    case 'test.battery.stop':
      return { group: 'test', label: 'Stop test', what: 'Ends the test that is running.' };
    case 'beeper.enable':
      return { group: 'beeper', label: 'Switch on', what: 'It beeps when it is on battery.' };
    case 'beeper.disable':
      return { group: 'beeper', label: 'Switch off', what: 'It stays silent from now on.' };
    case 'beeper.mute':
      return { group: 'beeper', label: 'Mute', what: 'Silences the alarm that sounds now.' };
    case 'shutdown.return':
      return {
        group: 'power',
        label: 'Off, on with the mains…',
        what: 'Switches its outlets off, and on again when the mains are there.',
      };
    case 'shutdown.stayoff':
      return {
        group: 'power',
        label: 'Off, stay off…',
        what: 'Switches its outlets off until someone presses its button.',
      };
    case 'shutdown.stop':
      return { group: 'power', label: 'Stop countdown', what: 'Its outlets stay on, if they are not off yet.' };
    default:
      return assertNever(command, 'UPS command');
  }
}
