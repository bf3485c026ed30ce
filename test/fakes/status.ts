import { emptyReading } from '../../shared/reading.ts';
import { applyRecord, type RunView, replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { DecisionView, PlanView, PowerView, StatusView } from '../../shared/view.ts';
import { sampleRecords, sampleSequence } from './sample-rack.ts';

/** A UPS on mains with 98 % and 41 min. */
export const samplePower = (patch: Partial<PowerView> = {}, charge: number | null = 98): PowerView => ({
  ups: {
    id: 'ups-1',
    name: 'Eaton 5P',
    manufacturer: 'Eaton',
    serial: '1',
    firmware: '',
    source: 'simulated',
    via: '',
    offers: [],
  },
  state: 'mains',
  since: 0,
  onBatterySince: null,
  reading: { ...emptyReading('ups-1', 0), charge },
  runtimeLeft: 41 * 60,
  runtimeFrom: 'reported',
  runtimeDoubt: null,
  fault: null,
  sentence: 'On mains, 98 %, 41 min left',
  ...patch,
});

export const onBattery = (patch: Partial<PowerView> = {}, charge: number | null = 70): PowerView =>
  samplePower({ state: 'battery', onBatterySince: 5, runtimeLeft: 31 * 60, sentence: 'On battery', ...patch }, charge);

export const sampleStatus = (powers: PowerView[], decision: Partial<DecisionView> = {}): StatusView => ({
  powers,
  critical: [],
  trouble: null,
  decision: {
    state: 'idle',
    armed: true,
    startsIn: null,
    sentence: 'Nothing to do',
    postponedUntil: null,
    latestStartIn: null,
    ...decision,
  },
  margin: { runtimeLeft: 2460, needs: 720, spare: 1740 },
  branches: [],
  reach: [],
});

export const samplePlan = (patch: Partial<PlanView> = {}): PlanView => ({
  sequence: sampleSequence(),
  hash: 'a'.repeat(64),
  armed: true,
  checked: { problems: [], needs: 480, usually: 320, steps: [] },
  refused: [],
  ...patch,
});

/** The sample run after its first `count` records, and then these. */
export const sampleRun = (count: number, ...more: RunRecord[]): RunView =>
  more.reduce(applyRecord, replayRun(sampleRecords('run-20261121-190200-5f3a').slice(0, count)));
