import { z } from 'zod';
import type { Setting } from './platforms.ts';
import type { StepKind } from './sequence.ts';

/** The steps that switch a setting, and the ones that switch it back. `isWayBack`: it is made as it was before the run. */
export const settingSteps = {
  'enter-maintenance': { setting: 'maintenance', on: true, back: 'exit-maintenance', isWayBack: false },
  'exit-maintenance': { setting: 'maintenance', on: false, back: 'enter-maintenance', isWayBack: true },
  'disable-ha': { setting: 'ha', on: false, back: 'enable-ha', isWayBack: false },
  'enable-ha': { setting: 'ha', on: true, back: 'disable-ha', isWayBack: true },
  'retreat-vcls': { setting: 'vcls', on: false, back: 'restore-vcls', isWayBack: false },
  'restore-vcls': { setting: 'vcls', on: true, back: 'retreat-vcls', isWayBack: true },
  'ignore-member-updates': { setting: 'member-updates', on: false, back: 'heed-member-updates', isWayBack: false },
  'heed-member-updates': { setting: 'member-updates', on: true, back: 'ignore-member-updates', isWayBack: true },
  'set-ceph-flags': { setting: 'ceph-flags', on: true, back: 'unset-ceph-flags', isWayBack: false },
  'unset-ceph-flags': { setting: 'ceph-flags', on: false, back: 'set-ceph-flags', isWayBack: true },
} as const satisfies Partial<Record<StepKind, { setting: Setting; on: boolean; back: StepKind; isWayBack: boolean }>>;
export type SettingStep = keyof typeof settingSteps;

export const settingStepSchema = z.enum(Object.keys(settingSteps) as [SettingStep, ...SettingStep[]]);

export const isSettingStep = (kind: StepKind): kind is SettingStep => kind in settingSteps;
