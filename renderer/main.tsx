import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import { bridge } from './bridge/bridge.ts';
import { App } from './shell/app.tsx';
import { followPlan } from './store/draft-checks.ts';
import { followRuns } from './store/follow-runs.ts';
import { liveStore } from './store/live.ts';
import { startSync } from './store/sync.ts';
import { followUrgent } from './store/urgent.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

followPlan();
followRuns();
followUrgent();
startSync(bridge(), {
  snapshot: (slices) => liveStore.setState({ slices, lost: null }),
  merge: (changed) =>
    liveStore.setState((state) => (state.slices ? { slices: { ...state.slices, ...changed } } : state)),
  lost: (fault) => liveStore.setState({ lost: fault }),
});

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
