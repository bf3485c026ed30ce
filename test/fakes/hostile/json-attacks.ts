import type { Chance } from '../../fuzz/ups-chance.ts';
import { badValues } from '../../fuzz/ups-chance.ts';

/** Bodies that are JSON, or nearly, and no answer. */
export interface JsonAttack {
  name: string;
  ends: readonly string[];
  body(chance: Chance, honest: string): string;
}

const unreadable = ['unexpected-answer'];

export const jsonAttacks: readonly JsonAttack[] = [
  { name: 'nested 500,000 deep', ends: unreadable, body: () => '['.repeat(500_000) + ']'.repeat(500_000) },
  {
    name: 'half of it',
    ends: unreadable,
    body: (chance, honest) => honest.slice(0, 1 + chance.below(honest.length - 1)),
  },
  { name: 'null', ends: unreadable, body: (chance) => chance.pick(['null', '0', '""', '[]', '{}', 'true', '1e999']) },
  {
    name: 'a prototype',
    ends: unreadable,
    body: () => '{"__proto__":{"Members":[{"@odata.id":"/redfish/v1/Systems/1"}],"PowerState":"On"}}',
  },
  {
    name: 'other values',
    ends: unreadable,
    body: (chance, honest) => {
      const bad = JSON.stringify(
        chance.pick([...badValues, '//evil/redfish/v1/x', '/redfish/v1/a b', '/redfish/v1/\r\nX: y']),
      );
      // All that is read of it: the places, which must be the controller's own.
      return honest.replace(/"\/redfish[^"]*"/, bad);
    },
  },
  {
    name: 'many systems',
    ends: unreadable,
    body: () => JSON.stringify({ Members: Array(20_000).fill({ '@odata.id': '/redfish/v1/Systems/1' }) }),
  },
  { name: 'a string of 900 KB', ends: unreadable, body: () => JSON.stringify({ Members: 'x'.repeat(900_000) }) },
];
