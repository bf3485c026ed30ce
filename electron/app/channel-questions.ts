import type { ParsedInput } from '../../shared/ipc.ts';
import type { Question } from '../brain/questions.ts';
import { oneLine } from '../brain/words.ts';

/** Letting a program be run is asked about every time: what runs on this computer is not the window's to choose. */
export function channelSaveQuestion({ channel }: ParsedInput<'channels.save'>): Question | null {
  if (channel.kind !== 'command') return null;
  const words = [channel.program, ...channel.arguments.map((each) => `“${each}”`)];
  return {
    message: 'Run a program for notices?',
    detail: `When there is something to tell, Glidepath will run on this computer, as you: ${oneLine(words.join(' '), 1000)}`,
    button: 'Run it',
  };
}
