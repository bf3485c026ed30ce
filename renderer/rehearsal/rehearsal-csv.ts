import type { Rehearsal } from '../../shared/rehearsal.ts';

const columns = 'step,phase,kind,host,would,result,check,check_result,detail,ms,usual_s,p90_s';

/** One line for each look; a step without one has a line of its own. As any spreadsheet reads it. */
export function rehearsalCsv({ steps }: Rehearsal): string {
  const lines = steps.flatMap((step) => {
    const head = [step.stepId, step.phase, step.kind, step.hostName, step.would, step.verdict];
    const tail = [String(step.p50), String(step.p90)];
    const looks =
      step.checks.length === 0
        ? [['', '', '', '']]
        : step.checks.map((check) => [check.what, check.verdict, check.detail, String(check.ms ?? '')]);
    return looks.map((look) => [...head, ...look, ...tail].map(cell).join(','));
  });
  return `${[columns, ...lines].join('\r\n')}\r\n`;
}

/** Quoted where it must be. What a spreadsheet would take for a formula is text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
