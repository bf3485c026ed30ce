import type { BrowserWindow } from 'electron';
import { app } from 'electron';
import { assertNever } from '../../shared/assert-never.ts';
import { toFault } from '../../shared/fault.ts';
import { ask, tell } from './ask.ts';
import type { Brain } from './brain.ts';
import { questionFor } from './confirmations.ts';
import type { TrayAction } from './tray-view.ts';
import type { AppWindow } from './window.ts';
import type { Workspace } from './workspace.ts';

export interface TrayActionDeps {
  window: Pick<AppWindow, 'open' | 'current'>;
  workspace: Pick<Workspace, 'plan' | 'hosts' | 'arm' | 'disarm'>;
  brain: Pick<Brain, 'cancelRun'>;
}

/** What the items of the tray's menu do. A refusal is told in a dialog: there may be no window to tell it in. */
export function trayActions(deps: TrayActionDeps): (action: TrayAction) => void {
  return (action) => {
    act(action, deps).catch(async (error: unknown) => {
      const fault = toFault(error, 'tray');
      await tell(parentOf(deps), fault.what, fault.remedy);
    });
  };
}

const parentOf = ({ window }: TrayActionDeps): BrowserWindow | null => window.current;

async function act(action: TrayAction, deps: TrayActionDeps): Promise<void> {
  const { window, workspace, brain } = deps;
  switch (action) {
    case 'open':
      return window.open();
    case 'stop-run':
      return brain.cancelRun();
    case 'arm':
    case 'disarm': {
      const plan = workspace.plan();
      const question = questionFor(`plan.${action}`, plan.hash, plan, workspace.hosts().hosts);
      if (!(await ask(parentOf(deps), question))) return;
      return action === 'arm' ? workspace.arm(plan.hash) : workspace.disarm();
    }
    case 'quit':
      return app.quit();
    default:
      return assertNever(action, 'tray action');
  }
}
