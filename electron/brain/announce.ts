import type { RunView } from '../../shared/run.ts';
import { cutsPower, type Order } from '../../shared/ups-command.ts';
import type { PowerView, StatusView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';
import type { Notice, NoticeCategory } from '../core/ports.ts';
import { runNotices } from './announce-run.ts';
import { sentencesText } from './words.ts';

/** What was known at one moment. */
export interface Known {
  status: Pick<StatusView, 'powers' | 'trouble' | 'decision'>;
  run: RunView | null;
  /** The last command that was sent to a UPS since the start. */
  command: SentCommand | null;
}

export interface SentCommand {
  upsName: string;
  order: Order;
  /** What the UPS will do. */
  sentence: string;
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
  status: {
    powers: [],
    trouble: null,
    decision: { state: 'idle', armed: false, startsIn: null, sentence: '', postponedUntil: null, latestStartIn: null },
  },
  run: null,
  command: null,
};

/** Pure: what the user has to be told about the way from one moment to the next. */
export function announce(before: Known, now: Known): Announcement {
  const begun = now.run !== null && now.run.runId !== before.run?.runId;
  return {
    notices: [
      ...now.status.powers.flatMap((power) => powerNotices(before, power, now)),
      ...troubleNotices(before, now),
      ...conditionNotices(before, now),
      ...commandNotices(before, now),
      ...soonNotices(before, now),
      ...(now.run ? runNotices(begun ? null : before.run, now.run) : []),
    ],
    resolved: [
      ...(begun ? (['failure'] as const) : []),
      ...(isAwaited(before) && !isAwaited(now) && !begun ? (['run'] as const) : []),
      ...(hasTrouble(before) && !hasTrouble(now) ? (['contact'] as const) : []),
    ],
  };
}

/** A start has been announced, or would be, and is still to come. */
function isAwaited({ status, run }: Known): boolean {
  const { state, armed } = status.decision;
  // "running" without a run: its journal is being opened, which may still fail.
  return (state === 'counting' && armed) || (state === 'running' && (run === null || run.phase === 'ended'));
}

/** Something of what the category "contact" tells holds. */
function hasTrouble({ status }: Known): boolean {
  return (
    status.trouble !== null ||
    status.powers.some((power) => power.state === 'lost-contact' || conditions.some(({ of }) => holds(power, of)))
  );
}

/** What a UPS says of itself and what somebody has to do about it. */
const conditions = [
  { of: 'needReplacement', title: 'needs a new battery', body: 'It may not last as long as it says.' },
  { of: 'overload', title: 'is overloaded', body: 'It may switch off without warning. Take something off it.' },
  {
    of: 'bypass',
    title: 'is on bypass',
    body: 'What it feeds runs unprotected: when the mains fail, it goes down at once.',
  },
  { of: 'outputOff', title: 'does not feed its outlets', body: 'What hangs on it has no power from it.' },
] as const;

const holds = (power: PowerView | undefined, of: (typeof conditions)[number]['of']): boolean =>
  power?.reading?.[of] === true;

/** Each is told once, until it goes away. */
function conditionNotices(before: Known, now: Known): Notice[] {
  return now.status.powers.flatMap((power) => {
    const old = before.status.powers.find((each) => each.ups.id === power.ups.id);
    return conditions
      .filter(({ of }) => holds(power, of) && !holds(old, of))
      .map(({ title, body }) => ({
        category: 'contact' as const,
        urgency: 'critical' as const,
        title: `${power.ups.name} ${title}`,
        body,
      }));
  });
}

function powerNotices(before: Known, power: PowerView, now: Known): Notice[] {
  const old = before.status.powers.find((each) => each.ups.id === power.ups.id);
  const wasOnBattery = (old?.onBatterySince ?? null) !== null;
  const isOnBattery = power.onBatterySince !== null;
  const notices: Notice[] = [];
  if (power.state === 'lost-contact' && old?.state !== 'lost-contact') {
    const body = isOnBattery
      ? 'It was on battery: what is left is counted down from its last word.'
      : (power.fault?.what ?? power.sentence);
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
  const tell = (urgency: Notice['urgency'], title: string) => {
    const named = now.status.powers.length > 1 ? `${title}: ${power.ups.name}` : title;
    notices.push({ category: 'power', urgency, title: named, body });
  };
  if (isOnBattery && !wasOnBattery) tell('critical', 'Power lost');
  else if (power.state === 'low' && old?.state !== 'low') tell('critical', 'Battery low');
  if (wasOnBattery && !isOnBattery && power.state === 'mains') tell('normal', 'Power is back');
  if (power.reading?.forcedShutdown === true && old?.reading?.forcedShutdown !== true) {
    tell('critical', 'Its server says that everybody must go down');
  }
  return notices;
}

/** The beeper is heard anyway. */
function commandNotices(before: Known, { command }: Known): Notice[] {
  if (!command || command === before.command || command.order.command.startsWith('beeper.')) return [];
  const urgency = cutsPower(command.order.command) ? 'critical' : 'normal';
  return [{ category: 'power', urgency, title: `Command sent to ${command.upsName}`, body: command.sentence }];
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
  const title = `Shutdown starts in ${duration(seconds)}`;
  return [{ category: 'run', urgency: 'critical', title, body: now.status.decision.sentence }];
}
