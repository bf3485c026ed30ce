import { build } from '../setup/build.mjs';

export default async function () {
  await build();
  return 0;
}
