import { expect } from 'vitest';
import { questionFor } from '../../electron/app/confirmations.ts';
import { createDoor } from '../../electron/app/door.ts';
import { ChannelBook } from '../../electron/brain/channel-book.ts';
import { createHandlers } from '../../electron/brain/handlers.ts';
import { type Question, Questions } from '../../electron/brain/questions.ts';
import { SupplyBook } from '../../electron/brain/supply-book.ts';
import { Workspace } from '../../electron/brain/workspace.ts';
import { Secrets } from '../../electron/storage/secrets.ts';
import type { RunView } from '../../shared/run.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { PowerView } from '../../shared/view.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { sampleEsx, sampleNas, sampleSequence } from '../fakes/sample-rack.ts';
import { sampleStatus } from '../fakes/status.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const window = { isOurMainFrame: true, url: 'app://glidepath/index.html' };
export const hostKey = { type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };
export const certificate = `SHA256:${'0123456789abcdef'.repeat(4)}`;
export const otherHost = { id: 'other', name: 'Other' };
export const refusedFor = { ok: false, fault: { code: 'not-confirmed' } };

/** Nothing is hidden by it: only where a secret goes is looked at. */
const plainKeychain = {
  encrypt: async (text: string) => Buffer.from(text),
  decrypt: async (data: Buffer) => data.toString(),
  isStrong: () => true,
};

/** The real door, handlers, workspace and supplies, with a user who says what `says.yes` says. */
export async function room() {
  const says = { yes: true, run: null as RunView | null, powers: [] as PowerView[] };
  const questionsAsked: Question[] = [];
  const asked: string[] = [];
  const started: string[] = [];
  const orders: [string, Order][] = [];
  const sent: string[] = [];
  const passwords: string[] = [];
  const engine = {
    check: () => ({ problems: [], needs: 0, usually: 0, steps: [] }),
    setPlan: () => undefined,
    run: () => says.run,
    startByHand: async () => void started.push('run'),
    cancel: () => undefined,
    skip: () => undefined,
    postpone: () => undefined,
    durations: () => expect.unreachable(),
    status: () => sampleStatus(says.powers),
    details: async () => [],
    command: async (upsId: string, order: Order) => {
      orders.push([upsId, order]);
      return 'It does so.';
    },
  };
  const dataFolder = await temporaryFolder();
  const secrets = new Secrets(dataFolder, plainKeychain);
  const changed = () => undefined;
  const reads: Promise<void>[] = [];
  const notifier = { notify: () => undefined };
  const workspace = new Workspace({
    dataFolder,
    version: '1',
    engine,
    secrets,
    notifier,
    channelIds: () => new Set(),
    isArmedElsewhere: false,
    changed,
  });
  const supplies = new SupplyBook({
    dataFolder,
    secrets,
    faults: () => new Map(),
    moved: (moves) => workspace.moveUpses(moves),
    rebound: (before, after) => workspace.suppliesChanged(before, after),
    passwordChanged: (serverId) => void passwords.push(serverId),
    changed: () => void reads.push(workspace.suppliesRead(supplies.hash)),
  });
  const channels = new ChannelBook({
    dataFolder,
    secrets,
    state: () => ({ state: 'ok', waiting: 0, fault: null }),
    secretChanged: changed,
    read: changed,
    changed,
  });
  await supplies.load();
  await workspace.load();
  const handlers = createHandlers({
    engine,
    workspace,
    supplies,
    channels,
    testChannel: () => expect.unreachable(),
    publisher: { snapshot: () => expect.unreachable() },
    readRun: () => expect.unreachable(),
    simulate: () => expect.unreachable(),
    rehearsals: {
      start: () => expect.unreachable(),
      stop: () => expect.unreachable(),
      read: () => expect.unreachable(),
    },
    readHostKey: async () => hostKey,
    readCertificate: async () => ({ fingerprint: certificate }),
    readHistory: async () => [],
    commandSent: (upsId, _order, sentence) => void sent.push(`${upsId}: ${sentence}`),
  });
  const questions = new Questions(async (question) => {
    questionsAsked.push(question);
    asked.push(question.message);
    return says.yes;
  });
  const known = () => ({
    plan: workspace.plan(),
    hosts: workspace.hosts().hosts,
    supplies: supplies.view(),
    powers: says.powers,
    run: says.run,
  });
  const door = createDoor({
    handlers,
    questions,
    questionFor: (name, input) => questionFor(name, input, known()),
    log: keptLog(),
  });
  const ask = (name: string, input: unknown) => door(window, name, input);
  for (const host of [sampleNas, sampleEsx, { ...sampleNas, ...otherHost }]) await ask('hosts.save', { host });
  await ask('plan.save', { sequence: sampleSequence(), baseHash: '' });
  return { workspace, supplies, secrets, says, asked, questionsAsked, started, orders, sent, passwords, ask };
}

export async function armedRoom() {
  const all = await room();
  const { hash } = all.workspace.plan();
  expect(await all.ask('plan.arm', { hash })).toMatchObject({ ok: true });
  expect(all.asked.splice(0)).toEqual(['Arm “Rack plan”?']);
  all.questionsAsked.splice(0);
  return { ...all, hash };
}
