import { contextBridge, ipcRenderer } from 'electron';

// The channels are spelt out: shared/ipc.ts would bring zod along.
contextBridge.exposeInMainWorld('glidepath', {
  request: (name: string, input: unknown) => ipcRenderer.invoke('glidepath:request', name, input),
  onPush: (listener: (push: unknown) => void) => {
    const forward = (_event: unknown, push: unknown) => listener(push);
    ipcRenderer.on('glidepath:push', forward);
    return () => ipcRenderer.off('glidepath:push', forward);
  },
});
