import type { Row } from './row.ts';
import { away } from './rows/away.ts';
import { hands } from './rows/hands.ts';
import { hostRows } from './rows/hosts.ts';
import { ourselves } from './rows/ourselves.ts';
import { planRows } from './rows/plans.ts';
import { power } from './rows/power.ts';
import { severalUpses } from './rows/several-upses.ts';
import { time } from './rows/time.ts';
import { triggerRows } from './rows/triggers.ts';
import { upsOffRows } from './rows/ups-off.ts';

/** Every row, by its theme. */
export const tables: Record<string, Row[]> = {
  power,
  triggers: triggerRows,
  hosts: hostRows,
  'plans and small batteries': planRows,
  'several UPSes': severalUpses,
  'a UPS is turned off': upsOffRows,
  'time and contact': time,
  'Glidepath itself': [...ourselves, ...away],
  'by hand': hands,
};
