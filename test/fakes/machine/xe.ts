import type { After } from '../after.ts';
import { type Result, result } from '../posix-shell.ts';
import type { MachineKind } from './kinds.ts';
import type { Call, ScriptedMachine } from './machine.ts';

export interface XcpVm {
  uuid: string;
  name: string;
  state: 'running' | 'halted' | 'paused' | 'suspended';
  /** UUID of the host that it is on. */
  on: string;
  /** The management agent runs in it. */
  hasAgent: boolean;
  /** Milliseconds from being asked to off; null: never. */
  stopsAfterMs: number | null;
}

/** A pool as its database has it. */
export interface XcpPool {
  hosts: { uuid: string; enabled: boolean }[];
  vms: XcpVm[];
  /** UUID of the host that is its master. */
  master: string;
  ha: boolean;
  /** How many hosts may fail. */
  tolerates: number;
  /** Storage on which it keeps its heartbeat, while HA is on. */
  heartbeat: string;
  timeout: number | null;
  /** What is refused, by its command, and how often yet. */
  refuses: Map<string, number>;
  /** The command that the machine's fault is about; null: all that change something. */
  faultAt: string | null;
}

/** The host of the machine. */
export const thisHost = '00000000-0000-4000-8000-0000000000a1';
export const otherHost = '00000000-0000-4000-8000-0000000000a2';
const poolId = '00000000-0000-4000-8000-0000000000b1';
const stateFile = '00000000-0000-4000-8000-0000000000c1';
export const heartbeatSr = '00000000-0000-4000-8000-0000000000d1';

export const vmId = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

export const xcpVm = (at: number, name: string, more: Partial<XcpVm> = {}): XcpVm => ({
  uuid: vmId(at),
  name,
  state: 'running',
  on: thisHost,
  hasAgent: true,
  stopsAfterMs: 15_000,
  ...more,
});

export const xcpPool = (more: Partial<XcpPool> = {}): XcpPool => ({
  hosts: [thisHost, otherHost].map((uuid) => ({ uuid, enabled: true })),
  vms: [],
  master: thisHost,
  ha: false,
  tolerates: 0,
  heartbeat: heartbeatSr,
  timeout: null,
  refuses: new Map(),
  faultAt: null,
  ...more,
});

type Row = Record<string, string>;

/** A program that says no. The wording is made up: only the exit code is known. */
const no = (why: string): Result => result('', 1, `${why}\n`);

/**
 * One host of a pool, with `xe` in dom0. A record of a list is printed as the CLI prints it.
 * @see https://docs.xenserver.com/en-us/xenserver/8/command-line-interface
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi-cli-server/cli_printer.ml (multi_line_record)
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/xapi_host.ml (shutdown: of a disabled host alone,
 * without running VMs)
 * @see https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/xapi_vm_lifecycle.ml (allowed operations)
 */
export function xcpMachine(pool: XcpPool, after: After): MachineKind {
  const stopping = new Set<string>();

  const off = (vm: XcpVm): void => {
    vm.state = 'halted';
    stopping.delete(vm.uuid);
  };

  const rowsOf: Record<string, () => Row[]> = {
    'vm-list': () => [
      { uuid: vmId(999), 'name-label': 'Control domain on host: a', 'is-control-domain': 'true' },
      ...pool.vms.map((vm) => ({
        uuid: vm.uuid,
        'name-label': vm.name,
        'is-control-domain': 'false',
        'power-state': vm.state,
        'resident-on': vm.state === 'running' || vm.state === 'paused' ? vm.on : '<not in database>',
        'allowed-operations': allowed(vm).join('; '),
        'current-operations': stopping.has(vm.uuid) ? 'clean_shutdown' : '',
      })),
    ],
    'host-list': () => pool.hosts.map(({ uuid, enabled }) => ({ uuid, enabled: String(enabled) })),
    'pool-list': () => [
      {
        uuid: poolId,
        master: pool.master,
        'ha-enabled': String(pool.ha),
        'ha-configuration': pool.ha && pool.timeout !== null ? `timeout: ${pool.timeout}` : '',
        'ha-statefiles': pool.ha ? stateFile : '',
        'ha-host-failures-to-tolerate': String(pool.tolerates),
      },
    ],
    'vdi-list': () => [{ uuid: stateFile, 'sr-uuid': pool.heartbeat }],
  };

  const allowed = (vm: XcpVm): string[] => {
    if (vm.state !== 'running') return ['start', 'destroy'];
    return vm.hasAgent && !stopping.has(vm.uuid) ? ['hard_shutdown', 'clean_shutdown'] : ['hard_shutdown'];
  };

  const vmOf = (words: Row): XcpVm | undefined => pool.vms.find(({ uuid }) => uuid === words.uuid);
  const hostOf = (words: Row) => pool.hosts.find(({ uuid }) => uuid === words.uuid);

  const cleanly = (vm: XcpVm): Result | Promise<Result> => {
    if (!allowed(vm).includes('clean_shutdown')) return no('not allowed in its state');
    stopping.add(vm.uuid);
    // It returns when the VM is off.
    return new Promise((resolve) => {
      const { stopsAfterMs } = vm;
      if (stopsAfterMs === null) return;
      after(stopsAfterMs, () => {
        off(vm);
        resolve(result());
      });
    });
  };

  type Act = (words: Row, machine: ScriptedMachine) => Result | Promise<Result>;
  const acts: Record<string, Act> = {
    'vm-shutdown': (words) => {
      const vm = vmOf(words);
      if (vm?.state !== 'running') return no('bad power state');
      if (words.force !== 'true') return cleanly(vm);
      off(vm);
      return result();
    },
    'vm-start': (words) => {
      const vm = vmOf(words);
      if (vm?.state !== 'halted') return no('bad power state');
      Object.assign(vm, { state: 'running', on: thisHost });
      return result();
    },
    'host-disable': (words) => switchHost(words, false),
    'host-enable': (words) => switchHost(words, true),
    'host-shutdown': (words, machine) => {
      const host = hostOf(words);
      if (!host || host.enabled) return no('the host is not disabled');
      if (pool.vms.some(({ state, on }) => state === 'running' && on === host.uuid)) return no('the host is in use');
      return machine.goDown(result(), no('the host will not'));
    },
    'pool-ha-disable': () => {
      if (!pool.ha) return no('HA is not enabled');
      pool.ha = false;
      // Whether it forgets this is not known: the worse of the two.
      pool.tolerates = 0;
      return result();
    },
    'pool-ha-enable': (words) => {
      if (pool.ha) return no('HA is enabled');
      pool.ha = true;
      pool.heartbeat = words['heartbeat-sr-uuids'] ?? 'chosen by the pool';
      pool.timeout = Number(words['ha-config:timeout'] ?? 30);
      return result();
    },
    'pool-param-set': (words) => {
      if (words.uuid !== poolId) return no('no such pool');
      pool.tolerates = Number(words['ha-host-failures-to-tolerate']);
      return result();
    },
  };

  const switchHost = (words: Row, on: boolean): Result => {
    const host = hostOf(words);
    if (!host) return no('no such host');
    host.enabled = on;
    return result();
  };

  const xe = ({ args, root }: Call, machine: ScriptedMachine): Result | Promise<Result> => {
    const [verb = '', ...rest] = args;
    if (!root) return no('not authorised');
    const words = Object.fromEntries(rest.map((word) => [word.split('=')[0], word.slice(word.indexOf('=') + 1)]));
    const refusals = pool.refuses.get(verb) ?? 0;
    pool.refuses.set(verb, refusals - 1);
    if (refusals > 0) return no('no');
    const rows = rowsOf[verb];
    if (rows) return result(listed(rows(), words));
    const act = acts[verb];
    if (!act) return no(`Unknown command: ${verb}`);
    const work = (): Result | Promise<Result> => act(words, machine);
    const isFaulty = pool.faultAt === null || pool.faultAt === verb;
    // What powers it off has its own answers.
    if (!isFaulty || verb === 'host-shutdown') return work();
    return machine.does(work, { says: result(), refusal: no('no') });
  };

  return {
    shell: 'bash',
    tools: ['/usr/bin/nohup', '/usr/bin/timeout', '/usr/bin/head'],
    programs: { '/opt/xensource/bin/xe': xe },
    files: {
      '/etc/xensource-inventory': `PRODUCT_BRAND='XCP-ng'\nINSTALLATION_UUID='${thisHost}'\nCONTROL_DOMAIN_UUID='${vmId(999)}'\n`,
    },
  };
}

/** What of the rows is asked for: as a filter, and as fields. */
function listed(rows: readonly Row[], { params = '', ...filters }: Row): string {
  const fitting = rows.filter((row) => Object.entries(filters).every(([name, value]) => row[name] === value));
  return fitting.map((row) => `${record(row, params.split(','))}\n\n`).join('');
}

/** The first name is padded at its right, the others at their left. */
function record(row: Row, names: readonly string[]): string {
  const labels = names.map((name) => `${name} (${name.endsWith('operations') ? 'SRO' : ' RO'})`);
  const width = 4 + Math.max(...labels.map(({ length }) => length));
  const lines = names.map((name, at) => {
    const label = labels[at] ?? '';
    return `${at === 0 ? label.padEnd(width) : label.padStart(width)}: ${row[name] ?? ''}`;
  });
  return lines.join('\n');
}
