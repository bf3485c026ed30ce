import type { Offer, UpsCommand } from '../../../shared/ups-command.ts';

const plain = (command: UpsCommand, note = ''): Offer => ({ command, delay: null, note });

/** What a simulated UPS can be told: everything there is, and it does all of it. */
export const simulatedOffers: Offer[] = [
  ...(['shutdown.return', 'shutdown.stayoff'] as const).map(
    (command): Offer => ({
      command,
      delay: { kind: 'steps', min: 0, max: 3600, step: 1, round: 'down' },
      note: 'It is only a model: nothing loses its power.',
    }),
  ),
  plain('shutdown.stop'),
  plain('beeper.enable'),
  plain('beeper.disable'),
  plain('beeper.mute'),
  plain('test.battery.start.quick', 'It takes 10 s.'),
  plain('test.battery.start.deep', 'It drains the battery to 25 %.'),
  plain('test.battery.stop'),
];
