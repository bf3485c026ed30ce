import type { Host } from '../../../shared/inventory.ts';
import { type Sequence, sequenceSchema } from '../../../shared/sequence.ts';
import type { HostView } from '../../../shared/view.ts';
import { hosts } from './hosts.ts';

const more: Record<string, Partial<Pick<Host, 'tags' | 'uses' | 'runsOn' | 'isThisComputer'>>> = {
  'esx-1': { tags: ['hypervisors'], uses: ['nas-1'] },
  'esx-2': { tags: ['hypervisors'], uses: ['nas-1'] },
  'backup-1': { tags: ['storage', 'lab'], runsOn: 'esx-2' },
  'nas-1': { tags: ['storage'], isThisComputer: true },
};

/** Hosts that know of each other. */
export const groupedHosts: Host[] = hosts.map((host) => ({ ...host, ...more[host.id] }));
export const groupedHostViews: HostView[] = groupedHosts.map((host) => ({ host, hasSecret: true }));

/** A plan that says everything that can be said: groups, conditions, what may be left out. */
export const groupedPlan: Sequence = sequenceSchema.parse({
  format: 'glidepath-sequence',
  version: 3,
  id: 'rack',
  name: 'Rack plan',
  stages: [
    {
      id: 'workloads',
      name: 'Stop workloads',
      steps: [
        {
          id: 'guests',
          kind: 'shut-down-guests',
          target: 'tag:hypervisors',
          each: 'one-by-one',
          force: true,
          guests: { except: ['vcenter'] },
          groups: [
            { name: 'Databases', guests: ['db-1', 'db-2'], limit: 180 },
            { name: 'Directory', guests: ['ldap'] },
          ],
        },
        { id: 'lab', kind: 'power-off', target: 'tag:lab', optional: true, after: 30 },
      ],
    },
    {
      id: 'hypervisors',
      name: 'Hypervisors',
      parallel: 2,
      onFailure: 'stop',
      when: [{ is: 'beyond-tolerance' }],
      steps: [
        { id: 'maint', kind: 'enter-maintenance', target: 'critical' },
        { id: 'off-esx', kind: 'power-off', target: 'critical', needs: ['maint'] },
      ],
    },
    {
      id: 'storage',
      name: 'Storage',
      steps: [
        {
          id: 'tell',
          kind: 'notify',
          message: 'Going down in {{site}}',
          when: [{ is: 'parameter', name: 'drill', equals: false }],
        },
        {
          id: 'off-rest',
          kind: 'power-off',
          target: 'all',
          each: 'one-by-one',
          when: [{ is: 'failed-upses', atLeast: 2 }],
          onFailure: 'stop',
        },
      ],
    },
  ],
  pointOfNoReturn: 'hypervisors',
  returnStages: [{ id: 'wake', name: 'Wake', steps: [{ id: 'wake-all', kind: 'wake', target: 'all' }] }],
  returnWhen: {},
  scope: 'critical',
  faultTolerance: { level: 1, beyond: 'all' },
  shed: ['skip-optional', 'force'],
  parameters: { drill: false, site: 'cellar' },
});
