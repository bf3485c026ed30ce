import type { RunView, StepView } from '../../shared/run.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { StatusView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';

const marks: Record<StepView['state'], string> = {
  waiting: '·',
  active: '▸',
  done: '✓',
  already: '✓',
  failed: '✗',
  skipped: '–',
};

/** Prints what happens, a line each, with the time in the demo's compressed minutes. */
export class Timeline {
  readonly #startedAt: number;
  readonly #write: (line: string) => void;
  #status = '';
  #logged = 0;
  #margin = 0;
  #explained = false;

  constructor(startedAt: number, write: (line: string) => void) {
    this.#startedAt = startedAt;
    this.#write = write;
  }

  say(at: number, text: string): void {
    const seconds = Math.max(0, Math.round((at - this.#startedAt) / 1000));
    const clock = `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
    this.#write(`${clock}  ${text}`);
  }

  /** The power's state when it changes, and the margin every half minute while it matters. */
  status(at: number, status: StatusView): void {
    const power = status.powers[0];
    if (!power) return;
    if (power.state !== this.#status) {
      this.#status = power.state;
      this.say(at, power.sentence);
      this.#margin = 0;
    }
    const { runtimeLeft, needs, spare } = status.margin;
    if (runtimeLeft === null || spare === null || at - this.#margin < 30_000) return;
    if (status.decision.state !== 'counting' && this.#margin > 0) return;
    this.#margin = at;
    const word = spare >= 0 ? `spare ${duration(spare)}` : `short by ${duration(-spare)}`;
    const { state, startsIn, sentence } = status.decision;
    const next = state === 'counting' ? `, starts in ${duration(startsIn)}` : '';
    this.say(at, `margin: battery lasts ${duration(runtimeLeft)}, plan needs ${duration(needs)}, ${word}${next}`);
    if (state === 'counting' && !this.#explained) this.say(at, `why: ${sentence}`);
    this.#explained ||= state === 'counting';
  }

  run(run: RunView): void {
    const step = (id: string) =>
      [...run.sequence.stages, ...run.sequence.returnStages]
        .flatMap((stage) => stage.steps)
        .find((each) => each.id === id);
    for (const line of run.log.slice(this.#logged)) {
      if (line.step === null) this.say(line.at, line.text.startsWith('Power: ') ? line.text : `══ ${line.text}`);
      const view = line.step === null ? undefined : run.steps[line.step];
      const made = step(line.step ?? '');
      // A first attempt that is taken is no news of its own.
      if (!view || !made || line.text === 'attempt 1' || line.text.startsWith('accepted')) continue;
      const target = 'target' in made ? made.target : '';
      const mark = view.endedAt === line.at ? marks[view.state] : marks.active;
      this.say(line.at, `  ${mark} ${stepKinds[made.kind].label.padEnd(22)} ${target.padEnd(9)} ${line.text}`);
    }
    this.#logged = run.log.length;
  }
}
