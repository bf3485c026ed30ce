import type { FamilyQuirks } from './quirks.ts';
import { nutIssue } from './sources.ts';

/** PowerWalker, Phoenixtec, Salicru, AEG: Eaton's tree with whole bytes as flags. */
export const powerwalker: FamilyQuirks = {
  zeroReports: {
    why: 'It answers with reports of zeros now and then',
    source: nutIssue(1824),
  },
};
