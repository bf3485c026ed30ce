import { expect, it } from 'vitest';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import { quote } from '../../electron/targets/ssh/quote.ts';
import type { Host } from '../../shared/inventory.ts';
import { EsxiShell, type EsxiState, type EsxiVm, esxiState, esxiVm, FakeVsan } from '../fakes/esxi/shell.ts';
import type { Program, ScriptedMachine } from '../fakes/machine/machine.ts';
import type { PosixShell } from '../fakes/machine/root.ts';
import { result } from '../fakes/posix-shell.ts';
import { linux } from '../fakes/rack-samples.ts';
import { describeMachines, entered, onlyLooked, shortly, up } from './platform-kit.ts';
import { faultOf } from './targets-kit.ts';

const pc: Host = { ...linux('pc'), runsOn: 'box', isThisComputer: true };
const own = (more: Partial<EsxiVm> = {}): EsxiVm => esxiVm(7, 'pc', more);
const db = (more: Partial<EsxiVm> = {}): EsxiVm => esxiVm(8, 'db', { power: 'off', ...more });

/** Commands that change something, as the host runs them. */
const changes = /power\.(shutdown|off|on)|maintenanceMode set|shutdown poweroff/;

interface Given {
  sh?: PosixShell;
  /** In the place of what esxcli and vim-cmd do; undefined: they do it. */
  instead?: (words: string, shell: EsxiShell) => ReturnType<Program> | undefined;
  own?: Host;
}

/**
 * The scripted commands of ESXi behind a real OpenSSH server and real shells: what is left there goes on when the
 * connection is gone, in processes of its own, and ends with the host. Only the time is ours: `sleep` waits by the clock.
 */
async function host(state: Partial<EsxiState>, { sh = 'dash', instead, own: guest = pc }: Given = {}) {
  const ran: string[] = [];
  let machine: ScriptedMachine | null = null;
  let shell: EsxiShell | undefined;
  const box = await up(
    {
      kind: 'esxi',
      machine: (after) => {
        const esxi = new EsxiShell(esxiState(state), { after, onPowerOff: () => machine?.powerCut() });
        shell = esxi;
        const program =
          (name: string): Program =>
          ({ args, user }) => {
            const words = [name, ...args].join(' ');
            if (changes.test(words)) ran.push(words);
            return instead?.(words, esxi) ?? esxi.run([name, ...args.map(quote)].join(' '), user);
          };
        const programs: Record<string, Program> = {
          '/bin/vim-cmd': program('vim-cmd'),
          '/bin/esxcli': program('esxcli'),
          '/bin/sleep': ({ args }) => new Promise((resolve) => after(Number(args[0]) * 1000, () => resolve(result()))),
        };
        const files = { '/tmp/others': '' };
        return { programs, sh, path: '/bin:/usr/bin', tools: ['/usr/bin/nohup', '/bin/grep'], files };
      },
    },
    { own: guest },
  );
  machine = box.machine;
  const esxi = shell;
  if (!esxi) throw new Error('no shell was made');
  /** Lets the clock run until it is so: what runs there are real processes, which take real time for their part. */
  const until = async (isSo: () => boolean, stepMs = 1000): Promise<void> => {
    for (let turn = 0; !isSo(); turn += 1) {
      if (turn > 2000) throw new Error(`it is never so; it ran ${ran.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await box.b.clock.advance(stepMs);
    }
  };
  const act = () => box.b.meanwhile(box.b.actions(box.step()).act(box.step()));
  const looks = (): number => box.machine.calls.filter(({ args }) => args[0] === 'vmsvc/power.getstate').length;
  return { ...box, esxi, ran, until, act, looks };
}

const inOrder = [
  'vim-cmd vmsvc/power.shutdown 7',
  'esxcli system maintenanceMode set -e true -t 300',
  'esxcli system shutdown poweroff -d 10 -r Glidepath',
  'esxcli system maintenanceMode set -e false -t 300',
];

describeMachines('the ESXi host in a VM of which Glidepath runs', () => {
  it('shuts that VM down and goes off, when nobody is left who could tell it; and comes back with it', async () => {
    const h = await host({ vms: [own(), db()], autostart: true });
    await h.act();
    expect(h.sent().filter((text) => !isHarmless(text))).toEqual([expect.stringMatching(/^nohup sh -c '/)]);
    // Glidepath is gone, with all of its connections.
    h.b.pool.close();
    await h.until(() => h.machine.state === 'off');
    expect(h.ran).toEqual(inOrder);
    expect([h.esxi.crashed, h.esxi.state.maintenance]).toEqual([[], 'off']);
    h.esxi.boot();
    await h.b.clock.advance(5000);
    expect(h.esxi.running.map(({ name }) => name)).toContain('pc');
  });

  it('does so by the shell of a busybox', async () => {
    // It has a sleep of its own, which waits in real time: there is nothing to wait for.
    const h = await host({ vms: [own({ shutdownDelayMs: 0 })] }, { sh: 'busybox' });
    await h.act();
    h.b.pool.close();
    await h.until(() => h.machine.state === 'off');
    expect([h.ran, h.esxi.crashed]).toEqual([inOrder, []]);
  });

  it('stays on when the VM does not stop within five minutes', async () => {
    const h = await host({ vms: [own({ shutdownDelayMs: 'never' })] });
    await h.act();
    const began = h.b.clock.monotonic();
    await h.until(() => h.looks() >= 100, 3000);
    expect(h.b.clock.monotonic() - began).toBeGreaterThanOrEqual(297_000);
    await h.until(() => h.b.clock.monotonic() - began > 600_000, 10_000);
    expect([h.looks(), h.ran, h.machine.state]).toEqual([100, inOrder.slice(0, 1), 'on']);
    expect(h.esxi.running.map(({ name }) => name)).toEqual(['pc']);
  });

  it.each([
    ['another VM runs by then', inOrder.slice(0, 1), ({ vms }: EsxiState) => vms.push(esxiVm(9, 'new')), undefined],
    ['it does not tell what runs', inOrder.slice(0, 1), undefined, /vm process list/],
    ['it cannot enter maintenance mode', inOrder.slice(0, 2), undefined, /maintenanceMode set -e true/],
    ['it refuses to go off', inOrder.slice(0, 3), undefined, /shutdown poweroff/],
  ] as const)('stays on when %s', async (_why, ran, meanwhile, fails) => {
    let isTold = false;
    const h = await host(
      { vms: [own()] },
      {
        instead: (words) =>
          isTold && fails?.test(words) ? result('', 1, 'The operation is not allowed.\n') : undefined,
      },
    );
    await h.act();
    isTold = true;
    meanwhile?.(h.esxi.state);
    await h.until(() => h.ran.length >= ran.length && !h.esxi.running.some(({ name }) => name === 'pc'));
    const since = h.b.clock.monotonic();
    await h.until(() => h.b.clock.monotonic() - since > 60_000);
    expect([h.ran, h.machine.state, h.esxi.goingDown]).toEqual([ran, 'on', false]);
  });

  it.each(['dash', 'busybox'] as const)('told twice, as an answer was lost, does it once, by %s', async (sh) => {
    const h = await host({ vms: [own()] }, { sh });
    await h.act();
    await h.until(() => h.looks() > 0, 0);
    await h.b.clock.advance(2000);
    await h.act();
    await h.until(() => h.machine.state === 'off');
    expect([h.ran, h.esxi.state.maintenance]).toEqual([inOrder, 'off']);
  });

  it('does it when it is told again after the first time came to nothing', async () => {
    const h = await host({ vms: [own({ shutdownDelayMs: 'never' })] });
    await h.act();
    await h.until(() => h.looks() >= 100, 3000);
    const [vm] = h.esxi.state.vms;
    if (vm) vm.shutdownDelayMs = 60_000;
    // Nobody sees when the first one has ended: as long as it has not, nothing comes of this.
    for (let tries = 0; h.ran.length === 1 && tries < 100; tries += 1) await h.act();
    await h.until(() => h.machine.state === 'off');
    expect(h.ran).toEqual([...inOrder.slice(0, 1), ...inOrder]);
  });

  it('leaves the data of vSAN where it is', async () => {
    const h = await host({ vms: [own()], vsan: new FakeVsan().node() });
    await h.act();
    await h.until(() => h.machine.state === 'off');
    expect(h.ran[1]).toBe('esxcli system maintenanceMode set -e true -t 300 -m noAction');
  });

  it('that does not tell whether it has vSAN goes off all the same', async () => {
    const h = await host({ vms: [own()], vsanSays: result('', 1, 'Something went wrong\n') });
    await h.act();
    await h.until(() => h.machine.state === 'off');
    expect(h.ran).toEqual(inOrder);
  });

  it.each([
    ['there is no VM of its name', [db({ power: 'on' })], 'reference-missing', 'no VM of it has the name pc'],
    ['there are two of its name', [own(), esxiVm(9, 'pc', { power: 'off' })], 'reference-missing', '2 VMs of it have'],
    ['the VM of its name is off', [own({ power: 'off' })], 'reference-missing', 'Glidepath does not run in it'],
    ['another VM is on', [own(), db({ power: 'on' })], 'refused', 'its guests would be cut off: 1 guest on: db'],
    ['VMware Tools does not run in it', [own({ tools: 'notRunning' })], 'refused', 'VMware Tools does not run in pc'],
  ] as const)('is told nothing when %s', async (_why, vms, code, what) => {
    const h = await host({ vms: [...vms] });
    expect(await faultOf(h.act())).toMatchObject({ code, what: expect.stringContaining(what) });
    expect(h.ran).toEqual([]);
    onlyLooked(h);
  });

  it('is told nothing when it does not tell what runs', async () => {
    const h = await host({ vms: [own()] }, { instead: (words) => (/list/.test(words) ? result('', 1) : undefined) });
    expect(await faultOf(h.act())).toMatchObject({
      code: 'command-failed',
      what: expect.stringContaining('not powered off'),
    });
    onlyLooked(h);
  });

  it('of another computer is powered off as always', async () => {
    const h = await host({ vms: [own()] }, { own: { ...pc, runsOn: 'other' } });
    expect(await faultOf(h.act())).toMatchObject({
      code: 'refused',
      what: 'its guests would be cut off: 1 guest on: pc',
    });
    onlyLooked(h);
  });

  it('is rehearsed: the VM is found, and can be shut down', async () => {
    const h = await host({ vms: [own(), db({ power: 'on' })] });
    const checks = await h.check();
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready', 'guests: ready', 'tools: ready']);
    expect(checks.at(-1)?.detail).toBe('Glidepath runs in pc (7), and VMware Tools runs there');
    const context = h.step();
    expect(h.b.actions(context).would(context.step, h.host)).toMatch(
      /^vim-cmd vmsvc\/power\.shutdown for pc, in which Glidepath runs; when it is off, .* then esxcli system shutdown poweroff -d 10$/,
    );
    onlyLooked(h);
    h.esxi.state.vms = [own({ tools: 'notRunning' })];
    expect((await h.check()).at(-1)).toMatchObject({ what: 'tools', verdict: 'fails', fault: { code: 'refused' } });
  });
});
