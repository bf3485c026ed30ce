import type { Slices } from '../../shared/view.ts';
import { count, duration } from '../../shared/words.ts';
import { stageProgress } from '../brain/run-progress.ts';
import type { Who } from '../control/who.ts';
import { faultLine, printable } from './fault-line.ts';
import { timeOfDay } from './time-of-day.ts';

const kinds: Readonly<Record<Who['kind'], string>> = { app: 'the application', daemon: 'the daemon' };

/** What `status` prints: who controls, the power, what is decided and why, what is going on. One thing a line. */
export function statusText(who: Who, slices: Slices): string {
  const { status } = slices;
  const rows: [string, string][] = [
    ['Glidepath', `${kinds[who.kind]}, process ${who.pid}, since ${timeOfDay(who.since)}`],
    ...powerRows(slices),
    ['Plan', planWords(slices)],
    ['Decision', status.decision.sentence],
    ...(slices.plan.sequence ? [['Margin', marginWords(slices)] as [string, string]] : []),
    ...runRows(slices),
    ...reachRows(slices),
  ];
  return rows.map(([name, words]) => `${name.padEnd(10)} ${printable(words)}\n`).join('');
}

function powerRows({ status: { powers, trouble } }: Slices): [string, string][] {
  const rows = powers.map(({ ups, sentence }): [string, string] => ['Power', `${ups.name}: ${sentence}`]);
  if (rows.length === 0) rows.push(['Power', 'no UPS']);
  return trouble ? [...rows, ['Trouble', faultLine(trouble)]] : rows;
}

function planWords({ plan }: Slices): string {
  if (!plan.sequence) return 'none';
  const errors = plan.checked.problems.filter(({ severity }) => severity === 'error').length;
  const wrong = errors > 0 ? `, ${count(errors, 'error')}` : '';
  return `${plan.sequence.name}, ${plan.armed ? 'armed' : 'not armed'}${wrong}, ${plan.hash}`;
}

function marginWords({ status: { margin } }: Slices): string {
  const { runtimeLeft, needs, spare } = margin;
  const needed = `the plan needs ${duration(needs)}`;
  if (runtimeLeft === null || spare === null) return `runtime unknown, ${needed}`;
  const rest = spare < 0 ? `${duration(-spare)} too little` : `${duration(spare)} to spare`;
  return `${duration(runtimeLeft)} of battery, ${needed}, ${rest}`;
}

function runRows({ run }: Slices): [string, string][] {
  if (!run) return [];
  const { stage, of } = stageProgress(run);
  const phases: Readonly<Record<typeof run.phase, string>> = {
    down: `going down, stage ${stage} of ${of}`,
    'waiting-for-return': 'down, waiting for the mains',
    return: `coming back, stage ${stage} of ${of}`,
    ended: `ended: ${run.result ?? 'unknown'}`,
  };
  const failed = Object.values(run.steps).filter(({ state }) => state === 'failed');
  const faults = failed.map(({ id, fault }): [string, string] => [
    'Failed',
    fault ? `${id}: ${faultLine(fault)}` : `${id}`,
  ]);
  return [['Run', `${run.sequence.name}, begun ${timeOfDay(run.begunAt)}: ${phases[run.phase]}`], ...faults];
}

function reachRows({ status: { reach } }: Slices): [string, string][] {
  if (reach.length === 0) return [];
  const warm = reach.filter(({ state }) => state === 'warm').length;
  const failed = reach.filter(({ state }) => state === 'failed');
  return [
    ['Hosts', `${warm} of ${count(reach.length, 'host')} signed in`],
    ...failed.map(({ hostId, fault }): [string, string] => ['Hosts', fault ? faultLine(fault) : hostId]),
  ];
}
