import { pathToFileURL } from 'node:url';
import { build } from '../setup/build.mjs';
import { inRoot } from '../setup/paths.mjs';

/**
 * The command line, in this very process: signals, the terminal and a broken pipe are its own. npm works in the
 * checkout, but a path that the user types is meant from where they are, which npm tells in INIT_CWD.
 */
export default async function (rest) {
  const byNpm = process.env.npm_lifecycle_event === 'glidepath';
  const calledFrom = (byNpm && process.env.INIT_CWD) || process.cwd();
  await build();
  process.chdir(calledFrom);
  const program = inRoot('out', 'main', 'cli.js');
  process.argv = [process.execPath, program, ...rest];
  await import(pathToFileURL(program).href);
  return process.exitCode;
}
