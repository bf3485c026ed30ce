import { platformTable } from '../platforms/table.ts';

const anywhere: readonly RegExp[] = [
  /^true$/,
  /^id -u$/,
  /^sudo -n -l( -u [\w.-]+)? -- [\w@%+:,./][\w@%+=:,./ -]*$/,
  /^sudo -n -l$/,
  /^command -v '[^']+'$/,
];

const known = [...anywhere, ...Object.values(platformTable).flatMap(({ harmless }) => harmless)];

/** Whether a check may send it. What is not known here is not sent at all. */
export const isHarmless = (command: string): boolean => known.some((one) => one.test(command));
