import type { Slices } from '../../../shared/view.ts';
import { channels, noChannels } from './channels.ts';
import { decisions } from './decisions.ts';
import { groupedHostViews, groupedPlan } from './grouped.ts';
import { fedHostViews, halfSaidHostViews, hostViews, rawHostViews } from './hosts.ts';
import { checkPlan, noPlan, planView, problems, sequence } from './plan.ts';
import { everyKindViews, everyStepPlan } from './platforms.ts';
import { counting, noUps, onMains, running, unarmed } from './power.ts';
import { noRehearsals, rehearsals } from './rehearsals.ts';
import { runBefore, runCancelled, runFailed, runPast, runWaiting, runWidened, summaries } from './runs.ts';
import { fourUpses, oneFails, oneIsLost, putOff } from './several.ts';
import { events, known, servers, suppliesView } from './supplies.ts';
import { groupsPlan, runTurningOff } from './turning-off.ts';

const eaton = known('G123A45678', 'Eaton 5P 1550', true);
const apc = known('AS2041123', 'APC Smart-UPS 1500');

const usual = (): Slices => ({
  status: onMains(),
  plan: planView(),
  run: null,
  runs: summaries(),
  hosts: { hosts: hostViews, keychainIsStrong: true, refused: null },
  supplies: suppliesView([eaton]),
  events: events(eaton.id, eaton.name),
  decisions: decisions(),
  rehearsals: rehearsals(),
  channels: noChannels,
  controller: thisApp,
  settings: {
    startAtLogin: true,
    theme: 'system',
    rehearse: 'weekly',
    version: '0.1.0',
    dataFolder: '/home/ada/.config/glidepath',
  },
});

const thisApp: Slices['controller'] = { who: 'this-app', pid: null, since: null };

/** Every state of the world that the window must be able to draw, by name. */
export const scenarios = {
  mains: usual,
  'no-ups': (): Slices => ({ ...usual(), status: noUps(true), plan: planView({ armed: false }) }),
  problems: (): Slices => ({
    ...usual(),
    status: unarmed(),
    plan: planView({ armed: false, checked: checkPlan(sequence, problems) }),
    hosts: { hosts: rawHostViews, keychainIsStrong: false, refused: null },
    supplies: suppliesView([known(eaton.id, eaton.name), known('gone', 'Cellar UPS')], servers),
  }),
  counting: (): Slices => ({ ...usual(), status: counting() }),
  'no-history': (): Slices => ({ ...usual(), events: [], decisions: [], rehearsals: noRehearsals }),
  'two-upses': (): Slices => ({ ...usual(), status: oneIsLost(), supplies: suppliesView([eaton, apc]) }),
  'two-feeds': (): Slices => ({
    ...usual(),
    status: oneFails(),
    hosts: { hosts: fedHostViews, keychainIsStrong: true, refused: null },
    supplies: suppliesView([eaton, apc], servers.slice(0, 1)),
  }),
  postponed: (): Slices => ({
    ...usual(),
    status: putOff(),
    hosts: { hosts: halfSaidHostViews, keychainIsStrong: true, refused: null },
    supplies: suppliesView([eaton, apc]),
    rehearsals: rehearsals({ running: { begunAt: Date.now() - 9000, done: 4, of: 12 } }),
  }),
  'four-upses': (): Slices => ({
    ...usual(),
    status: fourUpses(),
    supplies: suppliesView(fourUpses().powers.map(({ ups }) => known(ups.id, ups.name))),
  }),
  'before-line': (): Slices => ({ ...usual(), status: running(), run: runBefore() }),
  'past-line': (): Slices => ({ ...usual(), status: running(), run: runPast() }),
  widened: (): Slices => ({ ...usual(), status: running(), run: runWidened() }),
  'turning-off': (): Slices => ({
    ...usual(),
    status: running(),
    plan: planView({ sequence: groupsPlan, checked: checkPlan(groupsPlan) }),
    run: runTurningOff(),
  }),
  waiting: (): Slices => ({ ...usual(), status: running(), run: runWaiting() }),
  cancelled: (): Slices => ({ ...usual(), run: runCancelled() }),
  failed: (): Slices => ({ ...usual(), run: runFailed() }),
  broken: (): Slices => ({
    ...usual(),
    plan: {
      ...noPlan,
      refused: [
        {
          file: '/home/ada/.config/glidepath/sequences/main.json',
          fault: {
            code: 'file-broken',
            what: 'stages[1].steps[0].kind: "power-of" is no step kind',
            where: 'main.json, line 41, column 17',
            remedy: 'Mend the file and save it, it is read again at once; or make a new plan.',
          },
        },
      ],
    },
  }),
  empty: (): Slices => ({
    ...usual(),
    status: noUps(false),
    plan: noPlan,
    runs: [],
    hosts: { hosts: [], keychainIsStrong: true, refused: null },
    supplies: suppliesView([]),
    events: [],
    decisions: [],
    rehearsals: noRehearsals,
  }),
  daemon: (): Slices => ({
    ...usual(),
    status: counting(),
    controller: { who: 'daemon', pid: 4127, since: Date.now() - 3 * 86_400_000 },
  }),
  platforms: (): Slices => ({
    ...usual(),
    plan: planView({ sequence: everyStepPlan, checked: checkPlan(everyStepPlan) }),
    hosts: { hosts: everyKindViews, keychainIsStrong: true, refused: null },
    channels,
  }),
  grouped: (): Slices => ({
    ...usual(),
    plan: planView({ sequence: groupedPlan, checked: checkPlan(groupedPlan) }),
    hosts: { hosts: groupedHostViews, keychainIsStrong: true, refused: null },
  }),
} as const satisfies Record<string, () => Slices>;

export type ScenarioName = keyof typeof scenarios;
