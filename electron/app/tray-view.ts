import type { RunView } from '../../shared/run.ts';
import type { PlanView, PowerView, StatusView } from '../../shared/view.ts';
import { clock, count, duration } from '../../shared/words.ts';
import { worstPower } from '../../shared/worst-power.ts';
import { pastTheLine } from '../brain/quit-rule.ts';
import { failedSteps, stageProgress } from '../brain/run-progress.ts';

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
  const power = worstPower(status.powers);
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
  return failed > 0 ? same('attention', `${doing}, ${count(failed, 'step')} failed`) : same('running', doing);
}

function powerState(status: StatusView, power: PowerView | null, lastRun: RunView | null, plan: PlanView): State {
  const { startsIn, armed } = status.decision;
  const onBattery = power !== null && power.onBatterySince !== null;
  const next = !armed ? ', plan not armed' : startsIn === null ? '' : `, starts in ${clock(startsIn)}`;
  if (power?.state === 'battery' || power?.state === 'low') {
    const left = power.runtimeLeft === null ? '' : `, ${duration(power.runtimeLeft)} left`;
    const line = status.powers.length > 1 ? `${power.ups.name} on battery` : 'On battery';
    return { icon: batteryIcon(power), tooltip: `${line}${left}${next}`, line };
  }
  if (power?.state === 'lost-contact') {
    const line = `No answer from ${power.ups.name}`;
    // Another UPS may be what counts.
    return { icon: 'lost-contact', tooltip: line + (onBattery || startsIn !== null ? next : ''), line };
  }
  const failed = lastRun ? failedSteps(lastRun).length : 0;
  const usual = usualState(status, power, plan);
  if (failed === 0) return usual;
  const line = `${count(failed, 'step')} failed in the last run`;
  const also = power?.state !== 'mains' ? `. ${usual.tooltip}` : plan.armed ? '' : ', plan not armed';
  return { icon: 'attention', tooltip: line + also, line };
}

function usualState(status: StatusView, power: PowerView | null, plan: PlanView): State {
  const arming = `plan ${plan.armed ? '' : 'not '}armed`;
  if (power?.state === 'mains') {
    const icon = plan.armed ? 'mains-armed' : 'mains-not-armed';
    return { icon, tooltip: `${power.sentence}, ${arming}`, line: 'On mains' };
  }
  const line = status.trouble ? status.trouble.what : 'No UPS found';
  return { icon: 'no-ups', tooltip: plan.armed ? line : `${line}, ${arming}`, line };
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

/** Four levels, so that the icon changes rarely; a charge that is not reported is not drawn as empty. */
function batteryIcon(power: PowerView): TrayIcon {
  const charge = power.reading?.charge ?? null;
  if (power.state === 'low') return 'battery-1';
  if (charge === null) return 'battery-unknown';
  if (charge > 75) return 'battery-4';
  if (charge > 50) return 'battery-3';
  return charge > 25 ? 'battery-2' : 'battery-1';
}
