import type { FlagKey } from '../reading-keys.ts';
import type { ReportDescriptor } from '../report-descriptor.ts';
import { apc } from './apc.ts';
import { belkin, belkinPage } from './belkin.ts';
import { common } from './common.ts';
import { cyberpower } from './cyberpower.ts';
import { eaton } from './eaton.ts';
import { familyOf } from './families.ts';
import { liebert } from './liebert.ts';
import { powercom } from './powercom.ts';
import { powerwalker } from './powerwalker.ts';
import type { Grounds, Rename, Repair, Sign } from './repair.ts';
import { tripplite } from './tripplite.ts';

/** Makers whose units share their particularities. `generic`: the descriptor alone is believed. */
export type Family =
  | 'apc'
  | 'cyberpower'
  | 'eaton'
  | 'tripplite'
  | 'liebert'
  | 'belkin'
  | 'powercom'
  | 'powerwalker'
  | 'arduino'
  | 'generic';

/** What tells one device from another before anything is read of it. */
export interface DeviceIds {
  vendorId: number;
  productId: number;
  manufacturer: string;
  product: string;
}

export interface Polling {
  /** Its interrupt reports are not what the descriptor says. */
  ignoreInterrupts: boolean;
  /** Milliseconds between two rounds of the reports that are not urgent. */
  restEvery: number;
  /** Milliseconds between two control transfers. */
  pauseBetween: number;
}

/** What has to be known of a device beyond its descriptor. */
export interface Quirks {
  family: Family;
  polling: Polling;
  renames: readonly Rename[];
  repairs: readonly Repair[];
  signs: readonly Sign[];
  /** Flags that come on by themselves now and then: on only when said twice in a row. */
  twice: ReadonlyArray<Grounds & { flag: FlagKey }>;
  /** It answers with reports of zeros now and then. */
  zeroReports: Grounds | null;
}

/** What one family adds to what is common to all. */
export interface FamilyQuirks extends Partial<Omit<Quirks, 'family' | 'polling'>> {
  /** `products`: only these; the first row that fits counts. */
  polling?: ReadonlyArray<Partial<Polling> & Grounds & { products?: readonly number[] }>;
}

const usual: Polling = { ignoreInterrupts: false, restEvery: 10_000, pauseBetween: 20 };

const families: Readonly<Record<Family, readonly FamilyQuirks[]>> = {
  apc: [apc],
  cyberpower: [cyberpower],
  eaton: [eaton],
  tripplite: [tripplite],
  liebert: [liebert],
  belkin: [belkin],
  powercom: [powercom],
  powerwalker: [powerwalker, eaton],
  arduino: [],
  generic: [],
};

/**
 * Never throws; a device that no list knows gets what its descriptor asks for. Liebert has two kinds of firmware under
 * one id, and one of them has Belkin's tree: that is seen in the descriptor only.
 */
export function quirksFor(ids: DeviceIds, { fields }: Pick<ReportDescriptor, 'fields'>): Quirks {
  const family = familyOf(ids);
  const isBelkin = family !== 'belkin' && fields.some(({ usage }) => usage >>> 16 === belkinPage);
  const parts = [...families[family], ...(isBelkin ? [belkin] : []), common];
  const mine = <T extends { vendors?: readonly number[]; products?: readonly number[] }>(rows: readonly T[] = []) =>
    rows.filter(({ vendors = [ids.vendorId], products = [ids.productId] }) => {
      return vendors.includes(ids.vendorId) && products.includes(ids.productId);
    });
  const { ignoreInterrupts, restEvery, pauseBetween } = {
    ...usual,
    ...parts.flatMap(({ polling }) => mine(polling))[0],
  };
  return {
    family,
    polling: { ignoreInterrupts, restEvery, pauseBetween },
    renames: parts.flatMap(({ renames }) => mine(renames)),
    repairs: parts.flatMap(({ repairs }) => mine(repairs)),
    signs: parts.flatMap(({ signs }) => mine(signs)),
    twice: parts.flatMap(({ twice }) => twice ?? []),
    zeroReports: parts.map(({ zeroReports }) => zeroReports).find((grounds) => grounds) ?? null,
  };
}
