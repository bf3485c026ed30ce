// Loaded into an application's main process before the application itself (NODE_OPTIONS=--require). Writes what passes
// there to the pipe at descriptor 3, a JSON line each, with the time: CLOCK_MONOTONIC, which all processes share.

const { writeSync } = require('node:fs');

function tell(at, line) {
  writeSync(3, `${JSON.stringify({ at: String(at), ...line })}\n`);
}

function watchTray({ prototype }) {
  for (const method of ['setToolTip', 'setImage']) {
    const original = prototype[method];
    prototype[method] = function (value) {
      const at = process.hrtime.bigint();
      original.call(this, value);
      tell(at, { from: method, ...(typeof value === 'string' ? { text: value } : {}) });
    };
  }
}

/** Listens before the application does, so the time is that at which a message of the worker has come. */
function watchWorkers(utilityProcess) {
  const { fork } = utilityProcess;
  utilityProcess.fork = (...args) => {
    const child = fork(...args);
    child.on('message', (message) => tell(process.hrtime.bigint(), { from: 'worker', message }));
    return child;
  };
}

// Electron's own modules are there a tick later, before anything of the application.
if (process.type === 'browser') {
  process.nextTick(() => {
    const { Tray, utilityProcess } = require('electron');
    watchTray(Tray);
    watchWorkers(utilityProcess);
  });
}
