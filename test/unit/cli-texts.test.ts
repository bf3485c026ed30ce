import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isJournal, printedNotices } from '../../electron/cli/printed-notices.ts';
import { rehearsalText } from '../../electron/cli/rehearsal-text.ts';
import { simulationText } from '../../electron/cli/simulation-text.ts';
import { statusText } from '../../electron/cli/status-text.ts';
import type { Who } from '../../electron/control/who.ts';
import type { Rehearsal, RehearsedStep } from '../../shared/rehearsal.ts';
import type { SimulationView } from '../../shared/view.ts';
import { linux } from '../fakes/rack-samples.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { type ScenarioName, scenarios } from '../fakes/window/scenarios.ts';

const who: Who = { pid: 42, since: 0, kind: 'daemon' };
const control = /[^\P{Cc}\n]/u;

describe('the status', () => {
  it.each(Object.keys(scenarios) as ScenarioName[])('in "%s" is one thing a line', (name) => {
    const slices = scenarios[name]();
    const text = statusText(who, slices);
    expect(text).toMatch(/^Glidepath +the daemon, process 42, since /);
    expect(text).toMatch(/^Decision +\S/m);
    expect(text.match(/^Power /gm)?.length).toBe(Math.max(1, slices.status.powers.length));
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    expect(text).not.toMatch(control);
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^[A-Z][a-z]+ +\S/);
  });

  it('says who cannot be reached, and what failed', () => {
    const slices = scenarios.mains();
    const fault = { code: 'unreachable', what: 'no route', where: 'nas-2', remedy: 'Look at its cable.' } as const;
    slices.status.reach = [
      { hostId: 'web', state: 'warm', fault: null },
      { hostId: 'nas-2', state: 'failed', fault },
    ];
    const text = statusText(who, slices);
    expect(text).toContain('Hosts      1 of 2 hosts signed in\n');
    expect(text).toContain('Hosts      nas-2: no route. Look at its cable.\n');
  });

  it('cannot command the terminal', () => {
    const slices = scenarios.mains();
    slices.status.decision.sentence = 'all \u001b[2J\nwell';
    expect(statusText(who, slices)).toContain('Decision   all ?[2J well\n');
  });
});

describe('a rehearsal', () => {
  const step = (patch: Partial<RehearsedStep>): RehearsedStep => ({
    stepId: 'off-web',
    stageId: 'hosts',
    phase: 'down',
    kind: 'power-off',
    hostId: 'web',
    hostName: 'web',
    hostKind: 'linux',
    would: 'systemctl poweroff',
    verdict: 'ready',
    checks: [{ what: 'login', verdict: 'ready', detail: 'signed in', fault: null, ms: 90 }],
    p50: 60,
    p90: 90,
    ...patch,
  });
  const fault = { code: 'not-allowed', what: 'sudo refuses', where: 'web', remedy: 'Add it to sudoers.' } as const;
  const rehearsal: Rehearsal = {
    format: 'glidepath-rehearsal',
    version: 1,
    id: 'r',
    begunAt: 0,
    endedAt: 1,
    cause: 'by-hand',
    sequenceId: 'rack',
    sequenceName: 'Rack',
    hash: 'a',
    hostsHash: 'b',
    brokenOff: null,
    steps: [
      step({}),
      step({ verdict: 'fails', checks: [{ what: 'privilege', verdict: 'fails', detail: '', fault, ms: 1 }] }),
      step({
        verdict: 'cannot-check',
        checks: [{ what: 'mac', verdict: 'cannot-check', detail: 'nobody knows', fault: null, ms: null }],
      }),
    ],
    needs: { p50: 60, p90: 90 },
    runtimeLeft: null,
  };

  it('has three verdicts, and below them what is not as it should be', () => {
    expect(rehearsalText(rehearsal).split('\n').slice(0, 10)).toEqual([
      'Rack: 1 ready, 1 fail, 1 cannot be checked. Nothing was switched off.',
      'Needs 1 min 30 s (9 runs of 10), usually 1 min',
      'Hash a, hosts b',
      '',
      'ready       web                  systemctl poweroff (off-web)',
      'FAILS       web                  systemctl poweroff (off-web)',
      '            privilege: web: sudo refuses. Add it to sudoers.',
      "can't check web                  systemctl poweroff (off-web)",
      '            mac: nobody knows',
      '',
    ]);
  });

  it('that was broken off says so', () => {
    expect(rehearsalText({ ...rehearsal, brokenOff: 'The power failed.' })).toContain('Broken off: The power failed.');
  });
});

it('a simulation says who would be cut hard, and what is given up', () => {
  const played: SimulationView = {
    whatIf: { load: 1.5, hangs: 'web', powerBackAt: 240 },
    startsAt: 10,
    noReturnAt: null,
    downAt: null,
    returnedAt: null,
    endsAt: 300,
    emptyAt: 200,
    steps: [{ id: 'off-web', hostId: 'web', phase: 'down', startedAt: 12, endedAt: null, state: 'active' }],
    cutHard: ['web'],
    shed: ['skip-optional'],
    battery: [],
    sentences: [{ at: 10, text: 'Started because' }],
  };
  const text = simulationText(played, [{ ...linux('web'), name: 'Web server' }]);
  expect(text).toContain('Load x 1.5, Web server hangs, the mains are back at 4:00\n');
  expect(text).toContain('Cut hard             1 host: Web server\n');
  expect(text).toContain('Given up             skip-optional\n');
  expect(text).toContain('Point of no return   not reached\n');
  expect(text).toContain('    0:10  Started because\n');
  expect(text).toContain('0:12 -               active   Web server           off-web\n');
});

it('only what itself goes to the journal is for the journal', async () => {
  const file = join(await temporaryFolder(), 'output');
  const descriptor = openSync(file, 'w');
  const { dev, ino } = statSync(file, { bigint: true });
  expect(isJournal(`${dev}:${ino}`, descriptor)).toBe(true);
  // What a service started has its JOURNAL_STREAM too.
  expect(isJournal('1:2', descriptor)).toBe(false);
  expect(isJournal(undefined, descriptor)).toBe(false);
  closeSync(descriptor);
  expect(isJournal(`${dev}:${ino}`, descriptor)).toBe(false);
});

it('notices have the level in front that the journal takes out', () => {
  const lines: string[] = [];
  const notice = { category: 'power', urgency: 'critical', title: 'Power lost', body: 'On\nbattery' } as const;
  printedNotices((line) => lines.push(line), true).notify(notice);
  printedNotices((line) => lines.push(line), true).notify({ ...notice, urgency: 'normal' });
  printedNotices((line) => lines.push(line), false).notify(notice);
  expect(lines).toEqual(['<2>Power lost: On battery', '<5>Power lost: On battery', 'Power lost: On battery']);
});
