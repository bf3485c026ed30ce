import { esxi } from '../../fakes/rack-samples.ts';
import { type Flow, fedBy, own, sequenceOf, stage, upsOne, windows } from './racks.ts';

/** PowerShell's own cmdlet: eventcreate takes no number over 1000. */
const event =
  "Write-EventLog -LogName System -Source EventLog -EventId 9876 -EntryType Warning -Message 'Power failure'";

const wake = stage('wake', [{ id: 'wake', kind: 'wake', target: 'laptop', limit: 120 }]);
const signal = stage('signal', [{ id: 'signal', kind: 'command', target: 'laptop', command: event }]);
const offWfe = stage('wfe', [{ id: 'off-wfe', kind: 'power-off', target: 'wfe' }]);
const rest = (patch: object = {}) => stage('rest', [{ id: 'rest', kind: 'shut-down-guests', target: 'esx', ...patch }]);
const offEsx = stage('off', [{ id: 'off-esx', kind: 'power-off', target: 'esx' }]);
const shutdown = [
  offWfe,
  stage('dc', [{ id: 'off-dc', kind: 'power-off', target: 'dc' }]),
  rest(),
  stage('maintenance', [{ id: 'enter', kind: 'enter-maintenance', target: 'esx' }]),
  offEsx,
];
/** From the domain controller itself, which goes with its host. */
const shutdownFromWithin = [offWfe, rest({ guests: { except: ['dc'] } }), offEsx];

/**
 * An old ESXi with a domain controller and a web front end, and a laptop that sleeps.
 * @param glidepathOn the computer with the cable of the UPS
 * @param does what the plan does itself: all, or only that it wakes the laptop and leaves it the rest
 */
export function homeServer(glidepathOn: 'pc' | 'dc', does: 'all' | 'signal'): Flow {
  const esx = { ...esxi('esx'), oldAlgorithms: true, ...fedBy(upsOne) };
  const dc = windows('dc', { runsOn: 'esx', isThisComputer: glidepathOn === 'dc' });
  const wfe = windows('wfe', { runsOn: 'esx', uses: ['dc'] });
  const laptop = windows('laptop');
  const [down, line] = glidepathOn === 'dc' ? [shutdownFromWithin, 'rest'] : [shutdown, 'maintenance'];
  const stages = [wake, signal, ...(does === 'all' ? down : [])];
  return {
    hosts: [esx, wfe, dc, laptop, ...(glidepathOn === 'pc' ? [own()] : [])],
    sequence: sequenceOf(stages, { pointOfNoReturn: does === 'all' ? line : 'signal' }),
    guests: { esx: ['dc', 'wfe'] },
  };
}
