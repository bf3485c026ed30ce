import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';
import { type SettingStep, settingSteps } from '../../../shared/setting-steps.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { settingOf } from '../platforms/of-host.ts';
import { fewTimes, untilLimit } from '../platforms/session.ts';
import { sessionOf, type TargetDeps, targetOf, tellOrUnknown, wouldTo } from './deps.ts';

/** Switches something on or off on a host. Reading it back is the proof. */
export function setting(deps: TargetDeps, checks: KindChecks, kind: SettingStep): StepActions {
  const { setting: name, on, back, isWayBack } = settingSteps[kind];
  // After a boot management services can be minutes behind SSH.
  const patience = isWayBack ? untilLimit : fewTimes;
  return {
    proveEvery: 2000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const left = isWayBack ? [leftBy(context, back)] : [];
        const { on: is, seen, data } = await settingOf(targetOf(context), name).read(sessionOf(deps, context), ...left);
        if (is === on || is === 'either') return { state: 'done', proof: seen };
        return { state: 'not-done', seen, ...(data && { data }) };
      }),
    act: async (context) =>
      settingOf(targetOf(context), name).set(sessionOf(deps, context, { patience }), on, {
        step: context.step,
        before: leftBy(context, back),
      }),
    check: (context) => checks.setting(context, name, on),
    would: (step, host) => wouldTo(host, (one) => settingOf(one, name).would(on, step)),
  };
}

/** What the steps of that kind for the same host left in this run. */
function leftBy(context: StepContext, kind: Step['kind']): StepData[] {
  const target = targetOf(context).id;
  return context.earlier
    .filter(({ step }) => step.kind === kind && 'target' in step && step.target === target)
    .map(({ data }) => data);
}
