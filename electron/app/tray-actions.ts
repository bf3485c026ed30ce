import { app } from 'electron';
import { assertNever } from '../../shared/assert-never.ts';
import { toFault } from '../../shared/fault.ts';
import type { Brain } from '../brain/brain.ts';
import type { Questions } from '../brain/questions.ts';
import type { Workspace } from '../brain/workspace.ts';
import { tell } from './ask.ts';
import { type Known, questionFor } from './confirmations.ts';
import type { TrayAction } from './tray-view.ts';
import type { AppWindow } from './window.ts';

export interface TrayActionDeps {
  window: Pick<AppWindow, 'open' | 'current'>;
  workspace: Pick<Workspace, 'plan' | 'arm' | 'disarm'>;
  brain: Pick<Brain, 'cancelRun'>;
  known(): Known;
  questions: Questions;
}

/** What the items of the tray's menu do. A refusal is told in a dialog: there may be no window to tell it in. */
export function trayActions(deps: TrayActionDeps): (action: TrayAction) => void {
  return (action) => {
    act(action, deps).catch(async (error: unknown) => {
      const fault = toFault(error, 'tray');
      if (fault.code === 'not-confirmed') return;
      await tell(deps.window.current, fault.what, fault.remedy);
    });
  };
}

async function act(action: TrayAction, deps: TrayActionDeps): Promise<void> {
  const { window, workspace, brain, known, questions } = deps;
  switch (action) {
    case 'open':
      return window.open();
    case 'stop-run':
      return brain.cancelRun();
    case 'arm':
    case 'disarm': {
      const { hash } = workspace.plan();
      const find = () => questionFor(`plan.${action}` as const, { hash }, known());
      return questions.change('tray', find, () => workspace[action](hash));
    }
    case 'quit':
      return app.quit();
    default:
      return assertNever(action, 'tray action');
  }
}
