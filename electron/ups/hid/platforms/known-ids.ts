interface VendorIds {
  vendor: string;
  vendorId: number;
  productIds: readonly number[];
  /** It makes keyboards and much else too: what is not listed is none of our business. */
  alsoMakesOthers: boolean;
}

/**
 * USB ids of UPSes. They do not make a device one, and a UPS need not be among them: that its descriptor says. They tell
 * which ones this system should show us, and which ones a rule for the permissions may name.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/scripts/upower/95-upower-hid.hwdb
 */
export const knownVendors: readonly VendorIds[] = [
  {
    vendor: 'Hewlett Packard',
    vendorId: 0x03f0,
    productIds: [
      0x0001, 0x1f06, 0x1f08, 0x1f09, 0x1f0a, 0x1fe0, 0x1fe1, 0x1fe2, 0x1fe3, 0x1fe5, 0x1fe6, 0x1fe7, 0x1fe8,
    ],
    alsoMakesOthers: true,
  },
  { vendor: 'Eaton', vendorId: 0x0463, productIds: [0x0001, 0xffff], alsoMakesOthers: false },
  { vendor: 'Dell', vendorId: 0x047c, productIds: [0xffff], alsoMakesOthers: true },
  { vendor: 'ST Microelectronics', vendorId: 0x0483, productIds: [0xa113, 0xa430], alsoMakesOthers: true },
  { vendor: 'IBM', vendorId: 0x04b3, productIds: [0x0001], alsoMakesOthers: true },
  { vendor: 'Minibox', vendorId: 0x04d8, productIds: [0xd004, 0xd005], alsoMakesOthers: true },
  {
    vendor: 'Belkin',
    vendorId: 0x050d,
    productIds: [0x0375, 0x0551, 0x0750, 0x0751, 0x0900, 0x0910, 0x0912, 0x0980, 0x0f51, 0x1100],
    alsoMakesOthers: true,
  },
  { vendor: 'APC', vendorId: 0x051d, productIds: [0x0000, 0x0002, 0x0003, 0x0004, 0x0005], alsoMakesOthers: false },
  { vendor: 'Powerware', vendorId: 0x0592, productIds: [0x0004], alsoMakesOthers: false },
  { vendor: 'Delta UPS', vendorId: 0x05dd, productIds: [0x041b, 0xa011, 0xa0a0], alsoMakesOthers: false },
  { vendor: 'Phoenixtec Power Co., Ltd', vendorId: 0x06da, productIds: [0xffff], alsoMakesOthers: false },
  { vendor: 'iDowell, Goldenmate', vendorId: 0x075d, productIds: [0x0300], alsoMakesOthers: false },
  { vendor: 'Cyber Power Systems', vendorId: 0x0764, productIds: [0x0005, 0x0501, 0x0601], alsoMakesOthers: false },
  {
    vendor: 'TrippLite',
    vendorId: 0x09ae,
    productIds: [
      0x1003, 0x1007, 0x1008, 0x1009, 0x1010, 0x1330, 0x2005, 0x2007, 0x2008, 0x2009, 0x2010, 0x2011, 0x2012, 0x2013,
      0x2014, 0x3008, 0x3009, 0x3010, 0x3011, 0x3012, 0x3013, 0x3014, 0x3015, 0x3016, 0x3024, 0x4001, 0x4002, 0x4003,
      0x4004, 0x4005, 0x4006, 0x4007, 0x4008,
    ],
    alsoMakesOthers: false,
  },
  {
    vendor: 'KSTAR under Berkeley Varitronics Systems ID',
    vendorId: 0x09d6,
    productIds: [0x0001],
    alsoMakesOthers: false,
  },
  {
    vendor: 'PowerCOM',
    vendorId: 0x0d9f,
    productIds: [0x0001, 0x0004, 0x00a2, 0x00a3, 0x00a4, 0x00a5, 0x00a6],
    alsoMakesOthers: false,
  },
  { vendor: 'Liebert', vendorId: 0x10af, productIds: [0x0000, 0x0001, 0x0002, 0x0004, 0x0008], alsoMakesOthers: false },
  { vendor: 'Legrand', vendorId: 0x1cb0, productIds: [0x0032, 0x0038], alsoMakesOthers: false },
  { vendor: 'Arduino', vendorId: 0x2341, productIds: [0x0036, 0x8036], alsoMakesOthers: true },
  { vendor: 'Arduino', vendorId: 0x2a03, productIds: [0x0036, 0x0040, 0x8036, 0x8040], alsoMakesOthers: true },
  { vendor: 'AEG', vendorId: 0x2b2d, productIds: [0xffff], alsoMakesOthers: false },
  { vendor: 'Ever', vendorId: 0x2e51, productIds: [0x0000, 0xffff], alsoMakesOthers: false },
  {
    vendor: 'Salicru',
    vendorId: 0x2e66,
    productIds: [0x0101, 0x0201, 0x0202, 0x0203, 0x0300, 0x0302],
    alsoMakesOthers: false,
  },
  { vendor: 'EcoFlow', vendorId: 0x3746, productIds: [0xffff], alsoMakesOthers: false },
  { vendor: 'Powervar', vendorId: 0x4234, productIds: [0x0002], alsoMakesOthers: false },
];

export interface UsbIds {
  vendorId: number;
  productId: number;
}

/** One that our rules file covers: a vendor that makes nothing else may have new products. */
export function isKnownUps({ vendorId, productId }: UsbIds): boolean {
  const known = knownVendors.find((each) => each.vendorId === vendorId);
  return known ? !known.alsoMakesOthers || known.productIds.includes(productId) : false;
}
