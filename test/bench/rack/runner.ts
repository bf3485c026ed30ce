import { systemClock } from '../../../electron/brain/system-clock.ts';
import type { Journal, StepTable } from '../../../electron/core/ports.ts';
import { RunDriver } from '../../../electron/core/run-driver.ts';
import { Warmth } from '../../../electron/core/warmth.ts';
import { JournalFolder } from '../../../electron/storage/journal.ts';
import { stepTable } from '../../../electron/targets/kinds/table.ts';
import { lookAt } from '../../../electron/targets/reach.ts';
import { resolveName } from '../../../electron/targets/resolve-name.ts';
import { SoapPool } from '../../../electron/targets/soap/pool.ts';
import { SshPool } from '../../../electron/targets/ssh/pool.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { RunRecord } from '../../../shared/run-record.ts';
import { compiledSchema, type Sequence } from '../../../shared/sequence.ts';
import { noOrders, noPasswords } from '../../fakes/no-ups.ts';
import type { FromRunner, StepTimes, ToRunner, Used } from './messages.ts';

/** A program: everything of the product that takes part in a run, alone in a process, so that it can be measured. */
const say = (message: FromRunner): void => void process.send?.(message);
const log = { info: () => undefined, warn: console.warn, error: console.error };

function measured(): () => Used {
  const cpu = process.cpuUsage();
  const began = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const rssMiB = process.memoryUsage.rss() / 1024 / 1024;
    return { cpuMs: (user + system) / 1000, rssMiB, tookMs: performance.now() - began };
  };
}

interface Prepared {
  hosts: Host[];
  steps: StepTable;
  pool: SshPool;
  journals: JournalFolder;
}

async function warm(told: Extract<ToRunner, { do: 'warm' }>): Promise<Prepared> {
  const used = measured();
  const credential = { kind: 'key', privateKey: told.privateKey, passphrase: '' } as const;
  const pool = new SshPool({ for: async () => credential }, systemClock);
  const isOver = () => warmth.views().every(({ state }) => state !== 'opening');
  await new Promise<void>((resolve) => {
    warmth = new Warmth({ warmer: pool, clock: systemClock, changed: () => isOver() && resolve() });
    warmth.keep(told.hosts);
  });
  const failed = warmth.views().flatMap(({ fault }) => fault?.what ?? []);
  say({ is: 'warm', failed, ...used() });
  const notifier = { notify: () => undefined };
  const soap = new SoapPool({ for: async () => credential }, systemClock);
  const steps = stepTable({
    clock: systemClock,
    shell: pool,
    soap,
    notifier,
    look: lookAt,
    addresses: { of: resolveName },
    hosts: () => null,
    own: () => null,
    secrets: noPasswords,
    orders: noOrders,
    wakeTo: [],
  });
  return { hosts: told.hosts, steps, pool, journals: new JournalFolder(told.dataFolder, log) };
}

let warmth: Warmth;

const sequenceOf = (stages: readonly string[][]): Sequence =>
  compiledSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'rack',
    name: 'Rack',
    pointOfNoReturn: 'stage-1',
    stages: stages.map((hosts, at) => ({
      id: `stage-${at + 1}`,
      name: `Stage ${at + 1}`,
      steps: hosts.map((host) => ({ id: `off.${host}`, kind: 'power-off', target: host, until: 'port-closed' })),
    })),
    returnStages: [],
    returnWhen: {},
  });

async function run({ hosts, steps, pool, journals }: Prepared, stages: string[][]): Promise<void> {
  const sequence = sequenceOf(stages);
  const used = measured();
  const begunAt = systemClock.now();
  const runId = 'bench';
  const journal: Journal = await journals.create(runId);
  const begun: RunRecord = {
    type: 'begun',
    version: 3,
    at: begunAt,
    runId,
    cause: 'by-hand',
    why: 'measured',
    sequence,
    hash: '',
    followsPower: false,
    upses: [],
    owed: [],
    owedGuests: {},
    hosts,
  };
  const times = new Map<string, Partial<StepTimes>>();
  const timed: Journal = {
    async append(record) {
      await journal.append(record);
      if (!('step' in record)) return;
      const of = times.get(record.step) ?? {};
      times.set(record.step, of);
      if (record.type === 'step-started') of.startedAt = record.at;
      if (record.type === 'accepted') of.acceptedAt = record.at;
      if (record.type === 'step-ended') of.endedAt = record.at;
    },
    close: () => journal.close(),
  };
  const nothing = (): void => undefined;
  const deps = { clock: systemClock, journal: timed, steps, changed: nothing, timed: nothing };
  const driver = new RunDriver([begun], deps, false);
  await driver.writeFirst(begun);
  await driver.goDown();
  const figures = used();
  const view = driver.view;
  say({
    is: 'down',
    begunAt,
    steps: sequence.stages
      .flatMap((stage) => stage.steps)
      .map(({ id }) => ({
        hostId: id.slice('off.'.length),
        state: view.steps[id]?.state ?? '',
        proof: view.steps[id]?.proof ?? '',
        startedAt: times.get(id)?.startedAt ?? 0,
        acceptedAt: times.get(id)?.acceptedAt ?? 0,
        endedAt: times.get(id)?.endedAt ?? 0,
      })),
    ...figures,
  });
  await journal.close();
  warmth.release();
  pool.close();
}

let prepared: Prepared;
process.on('message', async (told: ToRunner) => {
  if (told.do === 'warm') prepared = await warm(told);
  else await run(prepared, told.stages);
});
process.on('disconnect', () => process.exit(0));
say({ is: 'ready' });
