import { ask } from '../bridge/bridge.ts';
import { adoptPlan, draftStore, isDirty } from './draft.ts';
import { liveStore } from './live.ts';

const quietMs = 150;

/** Keeps the draft in step with the file, and has the main process check it when the editing pauses. */
export function followPlan(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const check = async (): Promise<void> => {
    const asked = draftStore.getState().history?.now;
    if (!asked) return;
    const answer = await ask('plan.check', { sequence: asked });
    const stillThat = draftStore.getState().history?.now === asked;
    if (stillThat && answer.ok) draftStore.setState({ checked: answer.value });
    if (stillThat && !answer.ok) draftStore.setState({ fault: answer.fault });
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void check(), quietMs);
  };

  const stopLive = liveStore.subscribe((state, old) => {
    const plan = state.slices?.plan;
    const draft = draftStore.getState();
    // Another host, key or secret: the draft's problems may be others now.
    if (isDirty(draft) && state.slices?.hosts !== old.slices?.hosts) soon();
    if (!plan || plan === old.slices?.plan) return;
    // Our own save comes back as a push: nothing to take over then. An edited draft is never overwritten.
    if (draft.saving || isDirty(draft)) return;
    if (draft.baseHash === plan.hash && draft.history) draftStore.setState({ checked: plan.checked });
    else adoptPlan(plan);
  });
  const stopDraft = draftStore.subscribe((draft, old) => {
    const now = draft.history?.now;
    const isNews = now !== undefined && now !== old.history?.now;
    // A plan taken over from the file comes with its own check.
    const isTakenOver = now === draft.base && draft.base !== old.base;
    if (isNews && !isTakenOver) soon();
  });
  return () => {
    clearTimeout(timer);
    stopLive();
    stopDraft();
  };
}
