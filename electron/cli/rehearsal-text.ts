import type { Rehearsal, RehearsalVerdict, RehearsedStep } from '../../shared/rehearsal.ts';
import { duration } from '../../shared/words.ts';
import { faultLine, printable } from './fault-line.ts';

const words: Readonly<Record<RehearsalVerdict, string>> = {
  ready: 'ready',
  fails: 'FAILS',
  'cannot-check': "can't check",
};

/** What `rehearse` prints: a line for each step with its verdict, and below it what is not as it should be. */
export function rehearsalText(rehearsal: Rehearsal): string {
  const { steps, needs, hash, hostsHash, brokenOff } = rehearsal;
  const of = (verdict: RehearsalVerdict) => steps.filter((step) => step.verdict === verdict).length;
  const lines = [
    `${rehearsal.sequenceName}: ${of('ready')} ready, ${of('fails')} fail, ${of('cannot-check')} cannot be checked. Nothing was switched off.`,
    ...(brokenOff === null ? [] : [`Broken off: ${brokenOff}`]),
    `Needs ${duration(needs.p90)} (9 runs of 10), usually ${duration(needs.p50)}`,
    `Hash ${hash}, hosts ${hostsHash}`,
    '',
    ...steps.flatMap(stepLines),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function stepLines({ verdict, stepId, hostName, would, checks }: RehearsedStep): string[] {
  const wrong = checks.filter((check) => check.verdict !== 'ready');
  return [
    `${words[verdict].padEnd(12)}${printable(hostName).padEnd(20)} ${printable(would)} (${stepId})`,
    ...wrong.map(({ what, detail, fault }) => `            ${what}: ${fault ? faultLine(fault) : printable(detail)}`),
  ];
}
