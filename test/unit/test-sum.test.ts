import { expect, it } from 'vitest';
import { add, count } from '../../scripts/setup/vitest.mjs';

const report = (values: object) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...values,
});

it('counts passed, failed and skipped tests', () => {
  const counted = count(report({ numPassedTests: 3, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }), 1);
  expect(counted).toEqual({ passed: 3, failed: 2, skipped: 2 });
});

it('counts a file that could not be loaded', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(count(report({ numPassedTests: 3, testResults }), 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

it('counts a failure outside of any test', () => {
  expect(count(report({ numPassedTests: 3 }), 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

it('counts a run that left no report', () => {
  expect(count(undefined, 137)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it('adds up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(add(one, one)).toEqual({ passed: 2, failed: 4, skipped: 6 });
});
