import { mayManage } from '../checks/privilege.ts';
import { esxiFault, esxiShell } from '../esxi/shell.ts';
import { vsanMember } from '../esxi/vsan.ts';
import type { SettingActs } from './platform.ts';

const option = '/VSAN/IgnoreClusterMemberListUpdates';
const asked = `esxcfg-advcfg -g ${option}`;
const told = (on: boolean): string => `esxcfg-advcfg -s ${on ? 0 : 1} ${option}`;

/**
 * Whether a vSAN host follows what vCenter says of the members of its cluster. While a whole cluster goes down, each of
 * its hosts is told not to, so that its list of members stays as it is. It is the kernel that keeps this, so it can be
 * asked and told without hostd.
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsan.html (Manually Shut Down and Restart the vSAN Cluster)
 */
export const memberUpdates: SettingActs = {
  async read(session) {
    const run = esxiShell(session);
    const answer = await run(asked);
    const value = /^Value of IgnoreClusterMemberListUpdates is ([01])\s*$/m.exec(answer.text)?.[1];
    if (!answer.failed && value !== undefined) {
      const seen = `cluster member updates are ${value === '0' ? 'heeded' : 'ignored'}`;
      return { on: value === '0', seen };
    }
    if (!answer.dropped && (await vsanMember(run, session.host)) === null)
      return { on: 'either', seen: 'no vSAN member: it has no cluster members to hear of' };
    throw esxiFault(session.host, 'asking for IgnoreClusterMemberListUpdates', answer, `Try it by hand: ${asked}`);
  },
  async set(session, on) {
    const answer = await esxiShell(session)(told(on));
    if (!answer.failed) return {};
    // What it answers does not decide: it may have been set all the same.
    if (!answer.dropped && (await memberUpdates.read(session)).on === on) return {};
    throw esxiFault(session.host, 'setting IgnoreClusterMemberListUpdates', answer, `Try it by hand: ${told(on)}`);
  },
  would: told,
  async maySet(session) {
    const { seen } = await memberUpdates.read(session);
    return `${await mayManage(session)}; ${seen}`;
  },
};

/** What a rehearsal may send for it. */
export const memberUpdatesAsked = /^esxcfg-advcfg -g \/VSAN\/IgnoreClusterMemberListUpdates$/;
