import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { isOwnCarrier } from '../../../shared/this-computer.ts';
import { lostBy } from './losses.ts';
import type { PlacedStep, Places } from './places.ts';
import { error, listed, warning, whole } from './problem.ts';
import { mayBothBeDone } from './together.ts';

/** With the computer that Glidepath runs on the run ends: whatever takes it away comes after everything else. */
export function thisComputerProblems(places: Places): Problem[] {
  const [own, ...others] = [...places.hosts.values()].filter((host) => host.isThisComputer);
  if (!own) return [];
  if (others.length > 0) {
    const names = listed([own, ...others].map(({ name }) => name));
    const what = `${names} are all said to be the computer on which Glidepath runs, and one can be at most`;
    return [error(whole, what, 'Say under Setup which of them it is.')];
  }
  return [...tooEarly(own, places), ...places.down.flatMap((placed) => onOwnCarrier(placed, own))];
}

function tooEarly(own: Host, places: Places): Problem[] {
  const told = new Set<string>();
  return places.down.flatMap((taking) => {
    if (told.has(taking.place.stepId) || !lostBy(taking, places).includes(own)) return [];
    const late = places.down.find(
      (other) => other !== taking && !places.isBefore(other, taking) && mayBothBeDone(other, taking, places),
    );
    if (!late) return [];
    told.add(taking.place.stepId);
    const act = `"${stepKinds[late.step.kind].label}"${late.host ? ` on ${late.host.name}` : ''}`;
    return [
      error(
        taking.place,
        `${own.name}, on which Glidepath runs, would go off before, or beside, ${act}: nothing more would be done then`,
        remedyFor(taking, late, own),
      ),
    ];
  });
}

/** What takes it along needs no other step that takes it. */
function remedyFor(taking: PlacedStep, late: PlacedStep, own: Host): string {
  if (taking.step.kind === 'shut-down-guests') return `Leave ${own.name} out of the guests that it shuts down.`;
  const pair = [taking, late];
  const carrier = pair.find(({ step, host }) => step.kind === 'power-off' && host !== null && isOwnCarrier(host, own));
  const isTwice = pair.some(({ step, host }) => step.kind === 'power-off' && host === own);
  if (isTwice && carrier?.host && platforms[carrier.host.kind].offFromWithin)
    return `Remove "Power off" on ${own.name}: ${carrier.host.name} takes it along, in order, as the last one.`;
  return 'Put it alone into the last stage.';
}

/** What cannot be done to the host in a guest of which Glidepath runs. */
function onOwnCarrier({ step, host, place }: PlacedStep, own: Host): Problem[] {
  if (host === null || !isOwnCarrier(host, own)) return [];
  const { offFromWithin, offInMaintenance, label } = platforms[host.kind];
  if (step.kind === 'power-off' && !offFromWithin) {
    const what = `${host.name} (${label}) cannot be powered off by Glidepath, which runs in a guest of it, ${own.name}`;
    return [error(place, what, 'Run Glidepath on another computer, or remove the step: the host then stays on.')];
  }
  if (step.kind !== 'enter-maintenance' || !offInMaintenance) return [];
  const what = `${host.name} cannot enter maintenance mode while ${own.name} is on, in which Glidepath runs`;
  const remedy = `Remove the step${offFromWithin ? ': "Power off" does that as its last act' : ''}.`;
  // A vCenter may move the guest to another host.
  return [(host.managedBy === undefined ? error : warning)(place, what, remedy)];
}
