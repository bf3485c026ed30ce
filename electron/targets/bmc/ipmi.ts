import { execFile } from 'node:child_process';
import type { Host } from '../../../shared/inventory.ts';
import { remedyForStart } from '../../../shared/not-started.ts';
import { hostFault } from '../host-fault.ts';
import type { Asking, Controller } from './controller.ts';

/** Milliseconds of real time for one question. */
const limitMs = 15_000;

/**
 * Seconds between two packets that are not answered, and how often they are repeated. With its own (1 and 4) ipmitool
 * asks a controller that does not list its cipher suites for 10 s before it begins; so for 4, and it gives up after 10.
 */
const patience = ['-N', '2', '-R', '2'];

/**
 * IPMI 2.0 over the network, by the program `ipmitool`. It tells a refused password and a controller that does not answer
 * by the same exit code, so neither is told apart here. The password goes by its environment, which only its own user
 * can read; arguments everybody can.
 * @see https://github.com/ipmitool/ipmitool/blob/master/doc/ipmitool.1.in (-E, IPMI_PASSWORD; chassis power)
 */
export const ipmi = (controller: Host, asking: Asking): Controller => ({
  async isOn() {
    const said = await ipmitool(controller, asking, 'status');
    const [, state] = /^Chassis Power is (on|off)$/m.exec(said) ?? [];
    if (state !== undefined) return state === 'on';
    throw hostFault(
      controller,
      'unexpected-answer',
      `ipmitool did not say whether the power is on: ${said.trim().slice(0, 300)}`,
      'Run “ipmitool chassis power status” by hand and look at what it says.',
    );
  },
  async powerOn() {
    await ipmitool(controller, asking, 'on');
  },
});

/** Gives what it printed. Names and addresses come from the inventory, whose schemas let none begin with "-". */
async function ipmitool(
  controller: Host,
  { password, addresses, signal }: Asking,
  act: 'status' | 'on',
): Promise<string> {
  const { address, port, user } = controller;
  const [found] = await addresses.of(address);
  const at = ['-I', 'lanplus', '-H', found?.address ?? address, '-p', String(port), '-U', user, '-E', ...patience];
  // Nothing else of our environment: on Windows libuv adds what no program can do without (SystemRoot).
  const env = { PATH: searchedOn(process.platform, process.env.PATH), LC_ALL: 'C', IPMI_PASSWORD: password };
  const options = { env, signal, timeout: limitMs, killSignal: 'SIGKILL', windowsHide: true } as const;
  return new Promise<string>((resolve, reject) => {
    execFile('ipmitool', [...at, 'chassis', 'power', act], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(
        isOfSystem(error) ? notStarted(controller, error) : failed(controller, error, stderr.trim() || stdout.trim()),
      );
    });
  }).catch((error: Error) => {
    // Some errors of the system are thrown at once.
    throw isOfSystem(error) ? notStarted(controller, error) : error;
  });
}

/**
 * Where programs are searched for. What is begun from the Finder of macOS has not the folders of Homebrew and MacPorts in
 * its PATH, which are where its users have ipmitool from.
 * @see https://docs.brew.sh/Installation, https://guide.macports.org/#installing.shell
 */
export function searchedOn(platform: NodeJS.Platform, path: string | undefined): string | undefined {
  if (platform !== 'darwin') return path;
  return [...(path ? [path] : []), '/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'].join(':');
}

type OfSystem = Error & { code: string };

/** It was not begun; a program that ended has a number for its code. */
const isOfSystem = (error: Error & { code?: unknown }): error is OfSystem =>
  error.name !== 'AbortError' && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);

function notStarted(controller: Host, { code }: OfSystem) {
  if (code === 'ENOENT') return missing(controller);
  const what = `ipmitool could not be started (${code})`;
  return hostFault(controller, 'command-failed', what, remedyForStart(code));
}

const missing = (controller: Host) =>
  hostFault(
    controller,
    'command-failed',
    'the program ipmitool is not on this computer, so that its management controller cannot be asked',
    'Install the package ipmitool, or use Redfish if the controller speaks it.',
  );

function failed(controller: Host, error: Error & { code?: unknown; killed?: boolean }, said: string) {
  const how = error.killed ? `was ended after ${limitMs / 1000} s` : `failed with exit code ${String(error.code)}`;
  return hostFault(
    controller,
    error.name === 'AbortError' ? 'limit-reached' : 'command-failed',
    `ipmitool ${how}: ${said.slice(0, 300)}`,
    'Check address, user and password of the controller, and that it takes IPMI over LAN.',
  );
}
