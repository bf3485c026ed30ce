import { type ProfileField, readDescriptor, readProfile } from './fixtures.ts';
import type { ModelField, UpsModel } from './model.ts';

/** A real make of UPS, answering what was captured from it: one of test/fixtures/hid/profiles. */
export function captured(name: string): UpsModel {
  const { bytes, vendorId, productId, model, lengths } = readDescriptor(name);
  const { fields, reports } = readProfile(name);
  const [manufacturer = '', ...product] = model.split(' ');
  return {
    vendorId,
    productId,
    manufacturer,
    product: product.join(' '),
    descriptor: bytes,
    fields: fields.flatMap(({ path, type, reportId, offset, size }): ModelField[] =>
      type === 'Output' ? [] : [{ name: path.slice(path.lastIndexOf('.') + 1), type, reportId, offset, size }],
    ),
    reports,
    inputs: lengths.Input,
    timerUnit: unitOf(fields.find(({ path }) => path.endsWith('.DelayBeforeShutdown'))),
  };
}

/** CyberPower's counts are minutes: the physical limits say so. */
function unitOf(field: ProfileField | undefined): number {
  const { physMin = null, physMax = null, logMin = 0, logMax = 1 } = field ?? {};
  return physMin === null || physMax === null || physMax === physMin ? 1 : (physMax - physMin) / (logMax - logMin);
}
