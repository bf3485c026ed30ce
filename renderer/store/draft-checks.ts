import { ask } from '../bridge/bridge.ts';
import { adoptPlan, draftStore, isDirty } from './draft.ts';
import { liveStore } from './live.ts';

const quietMs = 150;

/** An edited draft is never overwritten; one that is not edited shows what the file says, and nothing else. */
function settle(): void {
  const plan = liveStore.getState().slices?.plan;
  const draft = draftStore.getState();
  if (!plan || draft.saving) return;
  if (draft.replacedHash !== null && plan.hash === draft.baseHash) draftStore.setState({ replacedHash: null });
  if (isDirty(draft)) return;
  const isSame = plan.hash === draft.baseHash && (draft.history !== null || plan.sequence === null);
  // The answer to our own save can come before the push that tells of it.
  if (!isSame && plan.hash !== draft.replacedHash) adoptPlan(plan);
  if (isSame && draft.checked !== plan.checked) draftStore.setState({ checked: plan.checked });
}

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
    // Another host, key or secret: the draft's problems may be others now.
    if (isDirty(draftStore.getState()) && state.slices?.hosts !== old.slices?.hosts) soon();
    if (plan && plan !== old.slices?.plan) settle();
  });
  const stopDraft = draftStore.subscribe((draft, old) => {
    const now = draft.history?.now;
    const isNews = now !== undefined && now !== old.history?.now;
    // A plan taken over from the file comes with its own check.
    const isTakenOver = now === draft.base && draft.base !== old.base;
    if (isNews && !isTakenOver) soon();
    // The end of a save, or undoing everything, lets in what was held back meanwhile.
    settle();
  });
  return () => {
    clearTimeout(timer);
    stopLive();
    stopDraft();
  };
}
