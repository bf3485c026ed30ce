import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../electron/core/rehearsal-news.ts';
import { decisionLooks, decisionsText, kindsIn } from '../../renderer/history/decision-look.ts';
import { reachWords } from '../../renderer/now/reach-words.ts';
import { ago } from '../../renderer/parts/format.ts';
import { rehearsalCsv } from '../../renderer/rehearsal/rehearsal-csv.ts';
import { toMend } from '../../renderer/rehearsal/to-mend.ts';
import { countWords, outcomeOf, summaryWords } from '../../renderer/rehearsal/verdict-words.ts';
import { canSkip, skipConsequences } from '../../renderer/runs/skip-words.ts';
import { givenUpWords, heldWords, wantedWords } from '../../renderer/runs/wanted-words.ts';
import { hostFacts } from '../../renderer/setup/host-facts.ts';
import { formOf, hostOf } from '../../renderer/setup/host-form.ts';
import { headline } from '../../renderer/shell/power-words.ts';
import { decisionKinds } from '../../shared/decision.ts';
import { hostSchema } from '../../shared/inventory.ts';
import { rehearsalSchema } from '../../shared/rehearsal.ts';
import { type RunView, replayRun, type StepView } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { stepSchema } from '../../shared/sequence.ts';
import type { PowerView } from '../../shared/view.ts';
import { samplePower } from '../fakes/status.ts';
import { decisions } from '../fakes/window/decisions.ts';
import { groupedHosts } from '../fakes/window/grouped.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { hash, sequence } from '../fakes/window/plan.ts';
import { brokenOff, rehearsal } from '../fakes/window/rehearsals.ts';
import { runFailed, runPast, runWaiting, runWidened } from '../fakes/window/runs.ts';
import { scenarios } from '../fakes/window/scenarios.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a time ago', () => {
  it('is never rounded up', () => {
    const hours = 60;
    const days = 24 * hours;
    expect([0, 0.9, 59, 119, 47.9 * hours, 3.9 * days].map((minutes) => plain(ago(0, minutes * 60_000)))).toEqual([
      'just now',
      'just now',
      '59 min ago',
      '1 h ago',
      '47 h ago',
      '3 days ago',
    ]);
  });
});

describe('warm connections', () => {
  it('are counted, with those that are still on their way', () => {
    const reach = (...states: ('warm' | 'opening' | 'failed')[]) =>
      reachWords(states.map((state, at) => ({ hostId: `h${at}`, state, fault: null })));
    expect(reach('warm', 'failed')).toBe('1 of 2 hosts signed in');
    expect(reach('opening')).toBe('0 of 1 host signed in, 1 on its way');
    expect(reach('warm', 'opening', 'opening')).toBe('1 of 3 hosts signed in, 2 on their way');
  });
});

describe('a step that is left out', () => {
  const find = (run: ReturnType<typeof runPast>, id: string) => {
    for (const stage of [...run.sequence.stages, ...run.sequence.returnStages]) {
      const step = stage.steps.find((each) => each.id === id);
      if (step) return { stage, step };
    }
    throw new Error(`no step ${id}`);
  };
  const can = (run: ReturnType<typeof runPast>, id: string) => canSkip(run, find(run, id).stage, find(run, id).step);
  const follows = (run: ReturnType<typeof runPast>, id: string) => skipConsequences(run, find(run, id).step);

  it('is one that the run has still before it, in the part in which it is', () => {
    const run = runPast();
    expect(can(run, 'off-esx-1')).toBe(true);
    expect(can(run, 'off-nas')).toBe(true);
    expect(can(run, 'maint-1')).toBe(false);
    expect(can(run, 'wake-nas')).toBe(false);
    expect(can({ ...run, cancelled: 'the mains are back' }, 'off-nas')).toBe(false);
    expect(can(runWaiting(), 'wake-nas')).toBe(false);
    expect(can({ ...runWaiting(), phase: 'return' }, 'wake-nas')).toBe(true);
    // Why the way down was stopped stays in the record; its return can be skipped as any other.
    expect(can({ ...runWaiting(), phase: 'return', cancelled: 'the mains are back' }, 'wake-nas')).toBe(true);
    expect(can(runFailed(), 'off-nas')).toBe(false);
  });

  it('says whether it was sent, what becomes of its host, and who waits for it', () => {
    const run = runWidened();
    expect(follows(run, 'maint-1')).toEqual([
      'It is not begun, and not made up for later.',
      'Not begun either, since they need it: Power off esx-1.',
      'If esx-1 stays on, it is cut hard when its battery is empty.',
    ]);
    expect(follows(runPast(), 'off-esx-1')).toEqual([
      'It was sent already, so esx-1 may still do it. The run does not wait for it any longer.',
      'If esx-1 stays on, it is cut hard when its battery is empty.',
    ]);
    expect(follows({ ...runWaiting(), phase: 'return' }, 'wake-nas').at(-1)).toBe(
      'nas-1 stays off until somebody switches it on.',
    );
  });
});

describe('what goes with a step that is left out', () => {
  it('is all that needs it, however far; not what only waits for its turn', () => {
    const run = runWidened();
    const [first, ...others] = run.sequence.stages;
    const wait = run.sequence.stages[2]?.steps[1];
    if (!first || !wait) throw new Error('the scenario has stages');
    const steps = ['a.x', 'a.y', 'b.x', 'c'].map((id, at) => ({
      ...wait,
      id,
      needs: [[], ['a.x'], ['a.x'], ['b.x']][at] ?? [],
    }));
    const [skipped] = steps;
    const view = run.steps['off-nas'];
    if (!skipped || !view) throw new Error('there are steps');
    const stepped = {
      ...run,
      sequence: { ...run.sequence, stages: [{ ...first, steps }, ...others] },
      steps: Object.fromEntries(steps.map(({ id }) => [id, { ...view, id, state: 'waiting' as const }])),
    };
    expect(skipConsequences(stepped, skipped)[1]).toBe(
      'Not begun either, since they need it: Power off nas-1, Power off nas-1.',
    );
  });
});

describe('the stage that a run is in', () => {
  it('is not one in which steps are only held', () => {
    const run = runWidened();
    const done = Object.fromEntries(
      Object.entries(run.steps).map(([id, view]) => [
        id,
        id.startsWith('guests-1') ? { ...view, state: 'done' as const } : view,
      ]),
    );
    const { status, plan } = scenarios.widened();
    expect(headline(status, plan, run).words).toBe('Shutting down, stage 1 of 3: Stop workloads');
    // esx-2 has its power: its guests stay, and the run goes on.
    expect(headline(status, plan, { ...run, steps: done }).words).toBe('Shutting down, stage 2 of 3: Hypervisors');
  });
});

describe('for whom a run is', () => {
  it('is said while it is not for all', () => {
    const run = runWidened();
    expect(wantedWords(run)).toBe('For 2 of 4 hosts: esx-1, nas-1; the others still have their power.');
    expect(wantedWords({ ...run, wanted: null })).toBeNull();
    expect(wantedWords({ ...run, phase: 'ended' })).toContain('kept their power');
    // As the reason of the run counts them: only hosts that a step is aimed at.
    const [host] = run.hosts;
    if (!host) throw new Error('the run has hosts');
    const bystanders = ['desk', 'lamp'].map((id) => ({ ...host, id, name: id }));
    const more = { ...run, hosts: [...run.hosts, ...bystanders] };
    expect(wantedWords({ ...more, wanted: ['esx-1', 'desk'] })).toBe(
      'For 1 of 4 hosts: esx-1; the others still have their power.',
    );
    expect(wantedWords({ ...more, wanted: ['desk'] })).toBe('For no host: the others still have their power.');
    expect(wantedWords({ ...more, wanted: run.hosts.map(({ id }) => id) })).toBeNull();
  });

  it('holds the steps of the others, while it goes down', () => {
    const run = runWidened();
    const off = run.sequence.stages[2]?.steps[0];
    const view = run.steps['off-backup'];
    if (!off || !view) throw new Error('the scenario powers off backup-1');
    expect(heldWords(off, view, run, [])).toBe('waits: backup-1 still has its power');
    expect(heldWords(off, view, { ...run, wanted: ['backup-1'] }, [])).toBeNull();
    expect(heldWords(off, view, { ...run, phase: 'return' }, [])).toBeNull();
    expect(heldWords(off, { ...view, state: 'skipped' }, run, [])).toBeNull();
  });

  it('holds what turns off a UPS that it leaves on, with why', () => {
    const view = { ...runWidened().steps['off-backup'], state: 'waiting' } as StepView;
    const step = stepSchema.parse({ id: 'off-ups', kind: 'ups-off', ups: 'u1' });
    const run: RunView = { ...runWidened(), wanted: null, upses: [], followsPower: true };
    const says = (state: PowerView['state']) => [samplePower({ ups: { ...samplePower().ups, id: 'u1' }, state })];
    expect(heldWords(step, view, run, says('mains'))).toBe('waits: it has the mains');
    expect(heldWords(step, view, run, says('unknown'))).toBe('waits: nothing tells that it has failed');
    expect(heldWords(step, view, run, says('battery'))).toBeNull();
    // Its mains came back too late: it is told when nothing is on any more that would be cut.
    expect(heldWords(step, view, { ...run, upses: ['u1'] }, says('mains'))).toBe(
      'waits: esx-1, esx-2, backup-1, nas-1 are not off',
    );
  });

  it('is told apart from what is given up for want of time, in its order', () => {
    expect(givenUpWords(runWidened())).toBe(
      'Because the battery runs short: leave out optional steps, then force off at once the guests that may be forced.',
    );
    const begun: RunRecord = {
      type: 'begun',
      version: 3,
      at: 0,
      runId: 'x',
      cause: 'by-hand',
      why: 'x',
      sequence,
      hash,
      followsPower: false,
      owed: [],
      owedGuests: {},
      hosts,
    };
    expect(givenUpWords(replayRun([begun]))).toBeNull();
  });
});

describe('decisions', () => {
  it('are copied as a log, oldest first, with the run that they are about', () => {
    const [newest, ...rest] = decisions();
    if (!newest) throw new Error('there is a decision');
    const lines = decisionsText([newest, ...rest]).split('\n');
    expect(lines).toHaveLength(rest.length + 2);
    expect(lines[0]).toMatch(/^\d{4}-.*Z {2}not-armed {2}It would have started: the charge fell to 30 %\..*done\.$/);
    expect(lines.at(-2)).toBe(`${new Date(newest.at).toISOString()}  nothing  ${newest.sentence}`);
    expect(lines.filter((line) => line.endsWith('(run 2026-11-18-031500)'))).toHaveLength(3);
  });

  it('can be chosen by the kinds of which there are some, and every kind has its words', () => {
    expect(kindsIn(decisions()).slice(0, 2)).toEqual(['nothing', 'held-back']);
    expect(kindsIn(decisions())).not.toContain('cancelled');
    expect(Object.keys(decisionLooks).sort()).toEqual([...decisionKinds].sort());
  });
});

describe('a host', () => {
  it('says in its row what it has to do with others', () => {
    const facts = groupedHosts.map((host) => hostFacts(host, groupedHosts));
    expect(facts[0]).toEqual(['needs nas-1', 'tagged hypervisors']);
    expect(facts[2]).toEqual(['runs on esx-2', 'tagged storage, lab']);
    expect(facts[3]?.[0]).toBe('this computer, goes down last');
    expect(hosts.flatMap((host) => hostFacts(host, hosts))).toEqual([]);
  });

  it('keeps what its form does not change, and takes tags as they can stand in a plan', () => {
    const [esx] = groupedHosts;
    if (!esx) throw new Error('there is a host');
    expect(hostOf(formOf(esx), esx, new Set())).toEqual(esx);
    const changed = hostOf({ ...formOf(esx), tags: ' Lab 2, lab;Röck', runsOn: 'esx-2', uses: [] }, esx, new Set());
    expect(changed).toMatchObject({ tags: ['lab', '2', 'ro-ck'], runsOn: 'esx-2', uses: [] });
    expect(hostSchema.safeParse(changed).success).toBe(true);
    expect('runsOn' in hostOf({ ...formOf(changed), runsOn: null }, changed, new Set())).toBe(false);
  });

  it('does not let two tags become one: what cannot be a tag is refused, and by what rule is said', () => {
    const made = hostOf({ ...formOf(null), name: 'x', tags: 'склад, узлы узел-1 сервер-1 ---' }, null, new Set());
    expect(made.tags).toEqual(['склад', 'узлы', 'узел-1', 'сервер-1', '---']);
    const filled = { ...made, address: '10.0.0.1' };
    const answer = hostSchema.safeParse(filled);
    expect(answer.error?.issues.map(({ path, message }) => [...path, message])).toEqual(
      [0, 1, 2, 3, 4].map((at) => ['tags', at, 'small letters, digits and "-", 64 at most']),
    );
    expect(hostSchema.safeParse({ ...filled, tags: [] }).success).toBe(true);
  });

  it('is never given an id that means a group of hosts', () => {
    const ids = ['All', 'critical!', 'all-2'].map(
      (name) => hostOf({ ...formOf(null), name, address: 'a' }, null, new Set(['critical-2'])).id,
    );
    expect(ids).toEqual(['all-2', 'critical-3', 'all-2']);
    expect(hostSchema.safeParse(hostOf({ ...formOf(null), name: 'All', address: 'a' }, null, new Set())).success).toBe(
      true,
    );
  });
});

describe('a rehearsal', () => {
  it('is green only when everything is ready', () => {
    const look = (ready: number, fails: number, open: number, brokenOff: string | null = null) =>
      summaryWords({ counts: { ready, fails, 'cannot-check': open }, brokenOff });
    expect(look(3, 0, 0)).toMatchObject({ tone: 'good', words: 'All ready' });
    expect(look(3, 0, 1)).toMatchObject({ tone: 'calm', words: '3 of 4 ready' });
    expect(look(3, 1, 1)).toMatchObject({ tone: 'bad', words: '1 of 5 fails' });
    expect(look(0, 0, 0).tone).not.toBe('good');
    // The steps that it did not come to are in no count.
    expect(look(3, 0, 0, 'by hand')).toMatchObject({ tone: 'warn', words: 'Broken off' });
    expect(look(3, 1, 0, 'by hand')).toMatchObject({ tone: 'bad', words: '1 of 4 fails' });
    expect(countWords(summaryOf(brokenOff()))).toBe('2 of 2 ready, then broken off');
    expect(countWords(outcomeOf(rehearsal()))).toBe('2 of 5 ready, 2 fail, 1 can’t be checked');
    expect(rehearsalSchema.safeParse(rehearsal()).success).toBe(true);
  });

  it('names every fault once', () => {
    const { steps } = rehearsal();
    expect(toMend([...steps, ...steps]).map((fault) => fault.where)).toEqual(['backup-1', 'nas-1']);
  });

  it('is copied with one line for each look, and nothing in it is a formula', () => {
    const [step] = rehearsal().steps;
    if (!step) throw new Error('there is a step');
    const lines = rehearsalCsv(
      rehearsal({
        steps: [
          { ...step, checks: step.checks.slice(0, 1), would: '=cmd, "x"' },
          { ...step, checks: [] },
        ],
      }),
    ).split('\r\n');
    expect(lines).toEqual([
      'step,phase,kind,host,would,result,check,check_result,detail,ms,usual_s,p90_s',
      `guests-1,down,shut-down-guests,esx-1,"'=cmd, ""x""",ready,reach,ready,port 22 accepts,12,40,60`,
      'guests-1,down,shut-down-guests,esx-1,shut down 9 guests through their tools,ready,,,,,40,60',
      '',
    ]);
  });
});
