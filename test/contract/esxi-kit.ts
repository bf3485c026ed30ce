import type { StepContext } from '../../electron/core/ports.ts';
import type { Host } from '../../shared/inventory.ts';
import type { StepData } from '../../shared/run-record.ts';
import { type EsxiState, type EsxiVm, esxiVm, FakeVsan } from '../fakes/esxi/shell.ts';
import { EsxiHost } from '../fakes/esxi-host.ts';
import { type Bench, bench, byPassword, hostOf } from './targets-kit.ts';

const closing: Array<() => void> = [];

/** To be called after each test. */
export function closeAll(): void {
  for (const close of closing.splice(0)) close();
}

export interface Esxi {
  b: Bench;
  fake: EsxiHost;
  host: Host;
  /** Commands that change something, in order. */
  acts(): string[];
  /** Names of the guests that are on. */
  on(): string[];
  /** As `meanwhile` of the bench, in steps of 5 s: for what takes minutes. */
  soon<T>(work: Promise<T>): Promise<T>;
  step(step: Record<string, unknown>, earlier?: StepContext['earlier']): ReturnType<Bench['step']>;
  act(context: StepContext): ReturnType<ReturnType<Bench['actions']>['act']>;
  probe(context: StepContext): ReturnType<ReturnType<Bench['actions']>['probe']>;
}

const looksOnly =
  /getallvms|getstate|get\.guest|process list|maintenanceMode get|vsan cluster get|resync summary get|advcfg -g/;

interface Given {
  id?: string;
  /** Shared with other hosts. */
  b?: Bench;
  user?: string;
}

/** A scripted ESXi host behind SSH, that is on, and the step kinds that meet it. */
export async function esxi(
  state: Partial<EsxiState> = {},
  { id = 'esxi', b = bench(byPassword('right')), user = 'root' }: Given = {},
): Promise<Esxi> {
  const fake = new EsxiHost({
    name: id,
    users: [{ name: user, password: 'right' }],
    after: (ms, call) => b.clock.after(ms, call),
    now: () => b.clock.now(),
    state,
  });
  await fake.powerOn();
  closing.push(
    () => b.pool.close(),
    () => fake.close(),
  );
  const host = hostOf(fake.ssh, { id, name: id, kind: 'esxi', login: 'password', user });
  return {
    b,
    fake,
    host,
    acts: () => fake.ssh.log.map(({ text }) => text).filter((text) => !looksOnly.test(text)),
    on: () => fake.esxi.running.map((vm) => vm.name),
    step: (step, earlier) => b.step({ target: id, ...step }, host, earlier),
    soon: (work) => soon(b, work),
    act: (context) => b.meanwhile(b.actions(context).act(context)),
    probe: (context) => b.meanwhile(b.actions(context).probe(context)),
  };
}

async function soon<T>({ clock }: Bench, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  const ended = work.then(over, over);
  while (!isOver) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 25))]);
    if (!isOver) await clock.advance(5000);
  }
  return work;
}

/** A host of a vSAN cluster with two others that are on, one of them its witness. */
export async function vsanHost(state: Partial<EsxiState> = {}, given: Given = {}) {
  const vsan = new FakeVsan();
  const node = vsan.node();
  vsan.node();
  vsan.node('WITNESS');
  return { ...(await esxi({ vsan: node, ...state }, given)), vsan };
}

/** What a step left that the run comes to again. */
export const left = (context: StepContext, data: StepData): StepContext['earlier'] => [{ step: context.step, data }];

export const guests = (...more: Partial<EsxiVm>[]): EsxiVm[] => more.map((vm, at) => esxiVm(at + 1, `vm${at + 1}`, vm));
