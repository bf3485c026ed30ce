import type { RunView } from '../../shared/run.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { PowerView, StatusView } from '../../shared/view.ts';
import type { Notice, NoticeCategory } from '../core/ports.ts';
import { failedSteps, stageProgress } from './run-progress.ts';
import { lengthText, sentencesText } from './words.ts';

/** What was known at one moment. */
export interface Known {
  status: Pick<StatusView, 'powers' | 'trouble' | 'decision'>;
  run: RunView | null;
}

export interface Announcement {
  notices: Notice[];
  /** Categories whose live notice no longer holds and has no successor. */
  resolved: NoticeCategory[];
}

/** Seconds before the start at which it is announced. */
const soon = 60;

/** Before anything was known: what holds from the start is announced too. */
export const nothingKnown: Known = {
  status: { powers: [], trouble: null, decision: { state: 'idle', armed: false, startsIn: null, sentence: '' } },
  run: null,
};

/** Pure: what the user has to be told about the way from one moment to the next. */
export function announce(before: Known, now: Known): Announcement {
  const begun = now.run !== null && now.run.runId !== before.run?.runId;
  return {
    notices: [
      ...now.status.powers.flatMap((power) => powerNotices(before, power, now)),
      ...troubleNotices(before, now),
      ...soonNotices(before, now),
      ...(now.run ? runNotices(begun ? null : before.run, now.run) : []),
    ],
    resolved: begun ? ['failure'] : [],
  };
}

function powerNotices(before: Known, power: PowerView, now: Known): Notice[] {
  const old = before.status.powers.find((each) => each.ups.id === power.ups.id);
  const wasOnBattery = (old?.onBatterySince ?? null) !== null;
  const isOnBattery = power.onBatterySince !== null;
  const notices: Notice[] = [];
  if (power.state === 'lost-contact' && old?.state !== 'lost-contact') {
    const body = isOnBattery
      ? 'It was on battery: what is left is counted down from its last word.'
      : (power.fault?.what ?? '');
    notices.push({
      category: 'contact',
      urgency: isOnBattery ? 'critical' : 'normal',
      title: `No answer from ${power.ups.name}`,
      body,
    });
  }
  if (old?.state === 'lost-contact' && power.state !== 'lost-contact') {
    notices.push({
      category: 'contact',
      urgency: 'normal',
      title: `${power.ups.name} answers again`,
      body: power.sentence,
    });
  }
  const body = sentencesText(power.sentence, now.status.decision.sentence);
  if (isOnBattery && !wasOnBattery) notices.push({ category: 'power', urgency: 'critical', title: 'Power lost', body });
  else if (power.state === 'low' && old?.state !== 'low')
    notices.push({ category: 'power', urgency: 'critical', title: 'Battery low', body });
  if (wasOnBattery && !isOnBattery && power.state === 'mains') {
    notices.push({ category: 'power', urgency: 'normal', title: 'Power is back', body });
  }
  return notices;
}

function troubleNotices(before: Known, now: Known): Notice[] {
  const { trouble } = now.status;
  if (!trouble || trouble.what === before.status.trouble?.what) return [];
  return [
    {
      category: 'contact',
      urgency: 'normal',
      title: 'A UPS cannot be used',
      body: sentencesText(trouble.what, trouble.remedy),
    },
  ];
}

function soonNotices(before: Known, now: Known): Notice[] {
  const left = (known: Known) => {
    const { state, armed, startsIn } = known.status.decision;
    return state === 'counting' && armed ? startsIn : null;
  };
  const then = left(before);
  const seconds = left(now);
  if (seconds === null || seconds > soon || (then !== null && then <= soon)) return [];
  const title = `Shutdown starts in ${lengthText(seconds)}`;
  return [{ category: 'run', urgency: 'critical', title, body: now.status.decision.sentence }];
}

/** `before`: the same run as it was, null when it was not there yet. */
function runNotices(before: RunView | null, run: RunView): Notice[] {
  const { name } = run.sequence;
  const notices: Notice[] = [];
  const tell = (category: 'run' | 'failure', urgency: Notice['urgency'], title: string, body: string) =>
    notices.push({ category, urgency, title, body });
  const { stage, of } = stageProgress(run);
  if (!before && run.phase === 'down') {
    if (run.resumes > 0) tell('run', 'critical', `Shutdown continued: ${name}`, `Stage ${stage} of ${of}.`);
    else tell('run', 'critical', `Shutting down: ${name}`, run.why);
  }

  const failed = failedSteps(run).filter((id) => before?.steps[id]?.state !== 'failed');
  const [first] = failed;
  if (first !== undefined) {
    const fault = run.steps[first]?.fault;
    const title = failed.length === 1 ? `Step failed: ${stepName(run, first)}` : `${failed.length} steps failed`;
    tell('failure', 'critical', title, fault ? sentencesText(`${fault.where}: ${fault.what}`, fault.remedy) : '');
  }

  const why = run.log.at(-1)?.text ?? '';
  if (run.downEndedAt !== null && (before?.downEndedAt ?? null) === null) {
    if (run.downResult === 'done') tell('run', 'normal', `Shutdown finished: ${name}`, why);
    else if (run.downResult === 'cancelled') tell('run', 'normal', `Shutdown cancelled: ${name}`, why);
    else tell('run', 'critical', `Shutdown ended with failures: ${name}`, why);
  }
  const returning = run.returnBegunAt !== null;
  if (returning && (before?.returnBegunAt ?? null) === null) tell('run', 'normal', `Bringing back: ${name}`, why);
  if (returning && run.endedAt !== null && (before?.endedAt ?? null) === null) {
    if (run.result === 'done') tell('run', 'normal', `Everything is back: ${name}`, why);
    else tell('run', 'critical', `Not everything came back: ${name}`, why);
  }
  return notices;
}

/** "Power off NAS". */
function stepName(run: RunView, id: string): string {
  const step = [...run.sequence.stages, ...run.sequence.returnStages]
    .flatMap((stage) => stage.steps)
    .find((each) => each.id === id);
  if (!step) return id;
  const target = 'target' in step ? (run.hosts.find((host) => host.id === step.target)?.name ?? step.target) : '';
  return `${stepKinds[step.kind].label} ${target}`.trim();
}
