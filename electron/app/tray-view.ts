import type { RunView } from '../../shared/run.ts';
import type { PlanView, PowerView, StatusView } from '../../shared/view.ts';
import { pastTheLine } from './quit-rule.ts';
import { failedSteps, stageProgress } from './run-progress.ts';
import { countdownText, countText, lengthText } from './words.ts';

/** One icon each: assets/tray/<name>.png. */
export const trayIcons = [
  'no-ups',
  'mains-armed',
  'mains-not-armed',
  'battery-unknown',
  'battery-1',
  'battery-2',
  'battery-3',
  'battery-4',
  'running',
  'lost-contact',
  'attention',
] as const;
export type TrayIcon = (typeof trayIcons)[number];

export type TrayAction = 'open' | 'stop-run' | 'arm' | 'disarm' | 'quit';

export type TrayItem =
  | { type: 'action'; action: TrayAction; label: string; enabled: boolean }
  | { type: 'line'; label: string }
  | { type: 'separator' };

export interface TrayView {
  icon: TrayIcon;
  tooltip: string;
  menu: TrayItem[];
}

interface TrayInput {
  status: StatusView;
  run: RunView | null;
  plan: PlanView;
}

/** What the tray shows: the most pressing thing first. */
export function trayView({ status, run, plan }: TrayInput): TrayView {
  const live = run && run.phase !== 'ended' ? run : null;
  const power = mostPressing(status.powers);
  const { icon, tooltip, line } = live ? runState(live) : powerState(status, power, run, plan);
  return { icon, tooltip, menu: menu(line, live, plan) };
}

interface State {
  icon: TrayIcon;
  tooltip: string;
  /** As the tooltip, without what changes every second: an open menu closes when it is replaced. */
  line: string;
}

const same = (icon: TrayIcon, text: string): State => ({ icon, tooltip: text, line: text });

function runState(run: RunView): State {
  const failed = failedSteps(run).length;
  const { stage, of } = stageProgress(run);
  const doing = {
    down: `Shutting down, stage ${stage} of ${of}`,
    'waiting-for-return': 'Shut down, waiting for the mains',
    return: `Bringing back, stage ${stage} of ${of}`,
    ended: 'Ended',
  }[run.phase];
  return failed > 0 ? same('attention', `${doing}, ${countText(failed, 'step')} failed`) : same('running', doing);
}

function powerState(status: StatusView, power: PowerView | null, lastRun: RunView | null, plan: PlanView): State {
  const { startsIn, armed } = status.decision;
  if (power?.state === 'battery' || power?.state === 'low') {
    const left = power.runtimeLeft === null ? '' : `, ${lengthText(power.runtimeLeft)} left`;
    const text = `On battery${left}`;
    const next = !armed ? ', plan not armed' : startsIn === null ? '' : `, starts in ${countdownText(startsIn)}`;
    return { icon: batteryIcon(power), tooltip: text + next, line: armed ? text : text + next };
  }
  if (power?.state === 'lost-contact') return same('lost-contact', `No answer from ${power.ups.name}`);
  const failed = lastRun ? failedSteps(lastRun).length : 0;
  if (failed > 0) return same('attention', `${countText(failed, 'step')} failed in the last run`);
  if (power?.state !== 'mains') return same('no-ups', status.trouble ? status.trouble.what : 'No UPS found');
  const arming = `plan ${plan.armed ? '' : 'not '}armed`;
  return {
    icon: plan.armed ? 'mains-armed' : 'mains-not-armed',
    tooltip: `${power.sentence}, ${arming}`,
    line: 'On mains',
  };
}

function menu(line: string, live: RunView | null, plan: PlanView): TrayItem[] {
  const action = (name: TrayAction, label: string, enabled = true): TrayItem => ({
    type: 'action',
    action: name,
    label,
    enabled,
  });
  const items: TrayItem[] = [action('open', 'Open Glidepath'), { type: 'separator' }, { type: 'line', label: line }];
  if (plan.sequence)
    items.push({ type: 'line', label: `${plan.sequence.name}: ${plan.armed ? 'armed' : 'not armed'}` });
  items.push({ type: 'separator' });
  const locked = pastTheLine(live);
  if (live?.phase === 'down') items.push(action('stop-run', 'Stop the shutdown', !locked));
  if (plan.armed) items.push(action('disarm', 'Disarm…', !locked));
  else if (plan.sequence) {
    items.push(action('arm', 'Arm…', !plan.checked.problems.some((problem) => problem.severity === 'error')));
  }
  items.push(action('quit', 'Quit…', !locked));
  return items;
}

const pressing: readonly PowerView['state'][] = ['low', 'battery', 'lost-contact', 'unknown', 'mains'];

function mostPressing(powers: readonly PowerView[]): PowerView | null {
  return [...powers].sort((a, b) => pressing.indexOf(a.state) - pressing.indexOf(b.state))[0] ?? null;
}

/** Four levels, so that the icon changes rarely; a charge that is not reported is not drawn as empty. */
function batteryIcon(power: PowerView): TrayIcon {
  const charge = power.reading?.charge ?? null;
  if (power.state === 'low') return 'battery-1';
  if (charge === null) return 'battery-unknown';
  if (charge > 75) return 'battery-4';
  if (charge > 50) return 'battery-3';
  return charge > 25 ? 'battery-2' : 'battery-1';
}
