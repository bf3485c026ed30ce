import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, Push } from '../shared/ipc.ts';

// Written out, because importing the names would bring the schemas and their library into the page's process.
const bridge: Bridge = {
  request: (name, input) => ipcRenderer.invoke('glidepath:request', name, input),
  onPush(listener) {
    const take = (_event: unknown, push: Push) => listener(push);
    ipcRenderer.on('glidepath:push', take);
    return () => ipcRenderer.off('glidepath:push', take);
  },
};

contextBridge.exposeInMainWorld('glidepath', bridge);
