import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import { targetWords } from '../plan/targets.ts';
import { listed } from '../supply/supply-names.ts';

/** What a host has to do with others, and what is not usual about it, in short words for its row. */
export function hostFacts(host: Host, hosts: readonly Host[]): string[] {
  const { isThisComputer, runsOn, uses, tags, login, jump, managedBy, oldAlgorithms, bmc } = host;
  return [
    login === 'agent' && 'signed in to by an SSH agent',
    jump !== undefined && `through ${targetWords(jump, hosts)}`,
    oldAlgorithms && 'old algorithms allowed',
    managedBy !== undefined && `managed by ${targetWords(managedBy, hosts)}`,
    bmc && `woken by ${bmc.protocol === 'ipmi' ? 'IPMI' : 'Redfish'}`,
    isThisComputer && 'this computer, goes down last',
    runsOn !== undefined && `runs on ${targetWords(runsOn, hosts)}`,
    uses.length > 0 && `needs ${listed(uses.map((id) => targetWords(id, hosts)))}`,
    tags.length > 0 && `tagged ${tags.join(', ')}`,
  ].filter((each) => typeof each === 'string');
}

/** A machine of its own without a way to wake it. A guest is started by what it runs on, and this computer is on by then. */
export const cannotBeWoken = ({ kind, runsOn, isThisComputer, macs, bmc }: Host): boolean =>
  platforms[kind].isMachine && runsOn === undefined && !isThisComputer && macs.length === 0 && bmc === null;
