import { createHash } from 'node:crypto';
import type { Ups } from '../../../shared/reading.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import type { Offered } from '../../../shared/ups-command.ts';
import { shown } from '../net/text.ts';
import type { Variables } from './variables.ts';

/** `nut:<address>:<port>/<name>`; a hash where that would be longer than an id may be. */
export function nutUpsId({ address, port }: NutServer, name: string): string {
  const id = `nut:${address}:${port}/${name}`;
  return id.length <= 200 ? id : `nut:${createHash('sha256').update(id).digest('hex')}`;
}

/** What upsd says of a UPS without a `desc` in its ups.conf. */
const noDescription = 'Description unavailable';

export function identify(
  server: NutServer,
  name: string,
  description: string,
  all: Variables,
  { offers, outletGroups = [] }: Offered,
): Ups {
  const first = (...names: string[]): string =>
    names.map((one) => shown(all.get(one) ?? '', 200)).find((text) => text !== '') ?? '';
  const described = description === noDescription ? '' : shown(description, 200);
  return {
    id: nutUpsId(server, name),
    name: first('ups.model', 'device.model') || described || name,
    manufacturer: first('ups.mfr', 'device.mfr'),
    serial: first('ups.serial', 'device.serial'),
    firmware: first('ups.firmware'),
    source: 'nut',
    via: shown(`NUT ${name}@${server.address}:${server.port}`, 300),
    offers: [...offers],
    ...(outletGroups.length > 0 && { outletGroups: [...outletGroups] }),
  };
}
