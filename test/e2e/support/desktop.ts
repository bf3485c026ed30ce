import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the pictures go that are looked at after a run. */
export const pictures = join(import.meta.dirname, '../../../test-results');

/** A program that hangs must not hold the test's whole process: nothing else could end it. */
const soon = { timeout: 20_000 };

/** A real panel with a tray and a real notification daemon on the test's own screen and session bus. */
export class Desktop {
  readonly #programs: ChildProcess[];
  #bus = '';

  private constructor(programs: ChildProcess[], monitor: ChildProcess) {
    this.#programs = [...programs, monitor];
    monitor.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#bus += text;
    });
  }

  static start(): Desktop {
    endOtherDaemon();
    mkdirSync(pictures, { recursive: true });
    const config = join(mkdtempSync(join(tmpdir(), 'glidepath-dunst-')), 'dunstrc');
    writeFileSync(
      config,
      '[global]\n font = Sans 11\n width = 360\n height = 200\n offset = 16x56\n origin = top-right\n idle_threshold = 0\n max_icon_size = 48\n',
    );
    const tray = [
      '--edge',
      'top',
      '--align',
      'right',
      '--height',
      '32',
      '--widthtype',
      'request',
      '--SetDockType',
      'true',
      '--transparent',
      'true',
      '--alpha',
      '0',
      '--tint',
      '0x2b3036',
    ];
    const run = (name: string, args: string[]) => spawn(name, args, { stdio: 'ignore' });
    return new Desktop(
      [run('trayer', tray), run('dunst', ['-config', config])],
      spawn('dbus-monitor', ['--session', "interface='org.freedesktop.Notifications',member='Notify'"], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  }

  /** Titles of all notifications that went over the session bus, oldest first. */
  get notices(): string[] {
    return this.#bus
      .split(/member=Notify/)
      .slice(1)
      .map((call) => [...call.matchAll(/^\s{3}string "(.*)"$/gm)][2]?.[1] ?? '');
  }

  /** The whole screen: panel, tray, notification, window. */
  picture(name: string): string {
    const file = join(pictures, `${name}.png`);
    // There is no window manager here to keep the panel on top.
    execFileSync('xdotool', ['search', '--class', 'trayer', 'windowraise', '%@'], soon);
    execFileSync('xdotool', ['search', '--class', 'dunst', 'windowraise', '%@'], { ...soon, stdio: 'ignore' });
    execFileSync('import', ['-window', 'root', file], soon);
    return file;
  }

  stop(): void {
    for (const program of this.#programs) program.kill('SIGKILL');
  }
}

/** The session bus starts a daemon of its own, with its own looks and old notices, when a test before this one needed one. */
function endOtherDaemon(): void {
  const bus = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const ask = ['org.freedesktop.DBus.GetConnectionUnixProcessID', 'string:org.freedesktop.Notifications'];
  const { stdout } = spawnSync('dbus-send', [...bus, ...ask], { ...soon, encoding: 'utf8' });
  const owner = stdout?.match(/uint32 (\d+)/)?.[1];
  if (owner) process.kill(Number(owner), 'SIGKILL');
}
