import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Several times what each takes on a calm machine of two cores. Vitest cannot time out a test that blocks its process. */
const minutes = { unit: 30, e2e: 45, usb: 10, bench: 60 };

/** Runs one vitest project for people to read, and returns { passed, failed, skipped } for us to add. */
export async function vitest(project, { prefix = [], env = {}, rest = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-test-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const program = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests', ...reporters];
  const [command, ...args] = [...prefix, process.execPath, ...program, ...rest];
  try {
    const code = await run(command, args, env, { group: true, within: minutes[project] });
    return count(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function count(report, code) {
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  // A file that cannot be loaded fails without a test in it.
  const broken = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = (report?.numFailedTests ?? 0) + broken.length;
  // Errors outside of any test (an unhandled rejection, a crash of vitest itself) show only in the exit code.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}

export const none = { passed: 0, failed: 0, skipped: 0 };

export const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});
