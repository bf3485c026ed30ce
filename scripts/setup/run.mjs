import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';
import { say } from './say.mjs';

const isPosix = process.platform !== 'win32';

/**
 * Runs a program in the checkout, shown to the user, and returns its exit code. A signal is passed on once, to the
 * program, which closes what it started; `group`: to all of it, for wrappers that would leave their program behind.
 * `quietly`: what it says on stderr (Chromium says much) is shown only if it fails. `setUp`: all it says goes to stderr,
 * as standard output belongs to the verb. `within`: minutes after which it is killed; 0: never.
 */
export function run(command, args, env = {}, { group = false, quietly = false, setUp = false, within = 0 } = {}) {
  return new Promise((resolve, reject) => {
    // Detached from the terminal's Ctrl-C, which would reach every helper process of an Electron at once.
    const stdio = ['inherit', setUp ? 2 : 'inherit', quietly ? 'pipe' : 'inherit'];
    const child = spawn(command, args, { cwd: root, stdio, env: { ...process.env, ...env }, detached: isPosix });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-20_000);
    });
    const forward = (signal) => (group && isPosix ? process.kill(-child.pid, signal) : child.kill(signal));
    process.on('SIGTERM', forward);
    process.on('SIGINT', forward);
    const overdue = () => {
      say(`it has not ended within ${within} min, and is killed`);
      forward('SIGKILL');
    };
    const patience = within && setTimeout(overdue, within * 60_000);
    const letGo = () => {
      clearTimeout(patience);
      process.off('SIGTERM', forward);
      process.off('SIGINT', forward);
    };
    child.on('error', (error) => {
      letGo();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      letGo();
      if (code !== 0) process.stderr.write(said);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** A JavaScript program from node_modules, run by this Node: works the same where `.bin` holds shell scripts. */
export const runTool = (path, args, env, options) =>
  run(process.execPath, [`node_modules/${path}`, ...args], env, options);

/** npm itself: through the copy that started us if it did, so that its configuration is the same. */
export function npmCommand() {
  const path = process.env.npm_execpath;
  if (path?.endsWith('.js')) return [process.execPath, [path]];
  return process.platform === 'win32' ? ['cmd', ['/c', 'npm']] : ['npm', []];
}
