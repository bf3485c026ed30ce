import { expect, it } from 'vitest';
import type { After } from '../fakes/after.ts';
import { ContainerEngine, container, type FakeContainer } from '../fakes/machine/container-engine.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { linuxMachine } from '../fakes/machine/linux.ts';
import { type GuestsCase, guestsSuite } from './platform-guests-kit.ts';
import { byVisudo, describeMachines, entered, mac, onlyLooked, platformSuite, shortly, up } from './platform-kit.ts';
import { guestFaultsSuite } from './platform-misdeeds-kit.ts';
import { faultOf } from './targets-kit.ts';

const linux = linuxMachine(mac);

const withEngine = (engine: ContainerEngine, path = '/usr/bin/docker'): MachineKind => ({
  ...linux,
  programs: { ...linux.programs, [path]: engine.program },
  tools: ['/usr/bin/nohup'],
});

platformSuite({
  kind: 'docker',
  machine: (after) => withEngine(new ContainerEngine([container(1, 'web')], after)),
  powerOff: {
    sent: ['systemctl poweroff'],
    ran: '/usr/bin/systemctl poweroff',
    bySudo: {
      sent: ['sudo -n systemctl poweroff'],
      rule: '/usr/bin/systemctl poweroff',
      remedy: byVisudo('systemctl poweroff'),
    },
  },
  tellsMacs: true,
});

const guestsOf =
  (path: string): GuestsCase['machine'] =>
  (guests, after) => {
    const all = guests.map(({ name, on, stopsAfterMs }, at) =>
      container(at + 1, name, { state: on ? 'running' : 'exited', stopsAfterMs }),
    );
    const engine = new ContainerEngine(all, after);
    return { machine: withEngine(engine, path), on: () => engine.on };
  };

for (const path of ['/usr/bin/docker', '/usr/bin/podman']) {
  const one: GuestsCase = { kind: 'docker', title: path, tellsAgents: false, machine: guestsOf(path) };
  guestsSuite(one);
  guestFaultsSuite({ ...one, rule: path, isHeard: false });
}

describeMachines('containers', () => {
  async function started(all: FakeContainer[], { members = [] as string[], host = {} } = {}) {
    let engine = new ContainerEngine([], () => () => undefined);
    const machine = (after: After): MachineKind => {
      engine = new ContainerEngine(all, after, members);
      return withEngine(engine);
    };
    const made = await up({ kind: 'docker', machine }, { host });
    const { b } = made;
    const down = (more: object = {}) => b.step({ kind: 'shut-down-guests', target: 'box', ...more }, made.host);
    const back = (guests: readonly string[]) =>
      b.step({ kind: 'start-guests', target: 'box' }, made.host, [
        { step: { ...down().step, id: 'down' }, data: { guests } },
      ]);
    const act = (context: ReturnType<typeof down>) => b.meanwhile(b.actions(context).act(context));
    const probe = (context: ReturnType<typeof down>) => b.actions(context).probe(context);
    return { ...made, engine, down, back, act, probe };
  }

  it('are sent their stop signal, and nobody kills them but the step', async () => {
    const { down, act, sent } = await started([container(1, 'db')]);
    await act(down());
    const id = container(1, 'db').id;
    expect(sent()).toEqual([
      "command -v 'docker'",
      "/usr/bin/docker ps -a --no-trunc --format 'container {{.ID}} {{.Names}} {{.State}}'",
      "command -v 'docker'",
      `sh -c 'nohup /usr/bin/docker stop -t 2147483647 ${id} </dev/null >/dev/null 2>&1 &'`,
    ]);
  });

  it('are stopped by a user in the group docker', async () => {
    const { b, engine, down, act, check } = await started([container(1, 'db')], {
      members: ['ups'],
      host: { user: 'ups' },
    });
    const checks = await check({ kind: 'shut-down-guests' });
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    const context = down();
    await act(context);
    expect((await b.prove(context, 60_000)).last.state).toBe('done');
    expect(engine.on).toEqual([]);
  });

  it('that sudo lets be seen and not stopped are told, and found in a rehearsal', async () => {
    const rule = '/usr/bin/docker ps -a --no-trunc --format container {{.ID}} {{.Names}} {{.State}}';
    const engine = new ContainerEngine([container(1, 'db')], () => () => undefined);
    const made = await up(
      { kind: 'docker', machine: () => withEngine(engine) },
      { host: { user: 'ups', sudo: true }, sudo: [rule] },
    );
    const context = made.b.step({ kind: 'shut-down-guests', target: 'box' }, made.host);
    const fault = await faultOf(made.b.actions(context).act(context));
    expect(fault.what).toContain('db was not asked: sudo does not let ups run /usr/bin/docker without a password');
    const checks = await made.check({ kind: 'shut-down-guests' });
    expect(shortly(checks)).toEqual([...entered, 'privilege: fails', 'guests: ready']);
    expect(engine.on).toEqual(['db']);
    expect(made.machine.calls.map(({ args }) => args[0])).not.toContain('stop');
  });

  it.each([
    [{ kind: 'shut-down-guests' }, ['stop -t 2147483647']],
    [{ kind: 'shut-down-guests', force: true }, ['stop -t 2147483647', 'kill']],
    [{ kind: 'start-guests' }, ['start']],
  ])('%o is rehearsed as it is done, by a user whom sudo lets', async (step, words) => {
    const engine = new ContainerEngine([container(1, 'db')], () => () => undefined);
    const list = '/usr/bin/docker ps -a --no-trunc --format container {{.ID}} {{.Names}} {{.State}}';
    const acts = words.map((one) => `/usr/bin/docker ${one} ${'0'.repeat(64)}`);
    const rehearsed = async (sudo: readonly string[]) => {
      const made = await up(
        { kind: 'docker', machine: () => withEngine(engine) },
        { host: { user: 'ups', sudo: true }, sudo },
      );
      const privilege = (await made.check(step)).find(({ what }) => what === 'privilege');
      onlyLooked(made);
      return privilege;
    };
    expect(await rehearsed([list, ...acts])).toMatchObject({ verdict: 'ready' });
    for (const missing of acts)
      expect(await rehearsed([list, ...acts.filter((one) => one !== missing)]), missing).toMatchObject({
        verdict: 'fails',
        fault: { code: 'not-allowed', remedy: expect.stringContaining(byVisudo('/usr/bin/docker')) },
      });
  });

  it('of Podman that others have are not seen, and a rehearsal says so', async () => {
    const machine = (after: After) => withEngine(new ContainerEngine([], after, ['ups']), '/usr/bin/podman');
    const asUps = await up({ kind: 'docker', machine }, { host: { user: 'ups' } });
    const checks = await asUps.check({ kind: 'shut-down-guests' });
    expect(checks[3]).toMatchObject({
      verdict: 'cannot-check',
      detail: expect.stringContaining('its own containers only'),
    });
    const asRoot = await up({ kind: 'docker', machine });
    expect(shortly(await asRoot.check({ kind: 'shut-down-guests' }))[3]).toBe('privilege: ready');
  });

  it.each(['running', 'paused', 'restarting', 'Up', 'stopping', 'unheard-of'])('that are %s are on', async (state) => {
    const { down, probe } = await started([container(1, 'db', { state })]);
    expect((await probe(down())).state).toBe('not-done');
  });

  it.each(['created', 'exited', 'dead', 'removing', 'Exited (0) 3 minutes ago', 'Created'])(
    'that are %s are off',
    async (state) => {
      const { down, probe } = await started([container(1, 'db', { state })]);
      expect(await probe(down())).toEqual({ state: 'done', proof: 'no guest is on' });
    },
  );

  it('to which others link have their own name', async () => {
    const { down, probe } = await started([container(1, 'web/db,db')]);
    expect(await probe(down())).toMatchObject({ data: { names: ['db'] } });
  });

  it.each(['container 12 db running', 'container zz db running', `container ${'a'.repeat(64)} db`])(
    'that are told as “%s” are not understood, and that is no proof',
    async (line) => {
      const made = await up({
        kind: 'docker',
        machine: () => ({ ...linux, files: { '/usr/bin/docker': `#!/bin/sh\necho '${line}'\n` } }),
      });
      const context = made.b.step({ kind: 'shut-down-guests', target: 'box' }, made.host);
      expect(await made.b.actions(context).probe(context)).toMatchObject({
        state: 'unknown',
        fault: { code: 'unexpected-answer' },
      });
    },
  );

  it('are not told by what start-up files print', async () => {
    const made = await up({
      kind: 'docker',
      machine: () => ({ ...linux, files: { '/usr/bin/docker': '#!/bin/sh\necho Welcome\necho\n' } }),
    });
    const context = made.b.step({ kind: 'shut-down-guests', target: 'box' }, made.host);
    expect(await made.b.actions(context).probe(context)).toEqual({ state: 'done', proof: 'no guest is on' });
  });

  it('that came back by themselves are on already, and the others are started', async () => {
    const all = [container(1, 'proxy', { restart: 'always' }), container(2, 'db', { restart: 'unless-stopped' })];
    const { b, machine, engine, down, back, act, probe } = await started([
      ...all,
      container(3, 'old', { state: 'exited' }),
    ]);
    const context = down();
    const { guests } = await act(context);
    expect((await b.prove(context, 60_000)).last.state).toBe('done');
    machine.powerCut();
    engine.boot();
    await machine.powerOn();
    const start = back(guests as string[]);
    // The session of before the cut is dead, and nobody has said so.
    b.pool.forget(start.host as NonNullable<typeof start.host>);
    expect(await probe(start)).toEqual({ state: 'not-done', seen: '1 of 2 guests on' });
    await act(start);
    expect(await probe(start)).toEqual({ state: 'done', proof: '2 guests on' });
    expect(engine.on).toEqual(['proxy', 'db']);
  });

  it('are started as soon as their engine answers', async () => {
    const { b, engine, back, act } = await started([container(1, 'db', { state: 'exited' })]);
    engine.isUp = false;
    b.clock.after(60_000, () => {
      engine.isUp = true;
    });
    expect(await act(back([container(1, 'db').id]))).toEqual({ started: 1 });
    expect(engine.on).toEqual(['db']);
    expect(b.told).toEqual(['the container engine of box does not answer, asking again']);
    expect(b.clock.monotonic()).toBeGreaterThanOrEqual(60_000);
  });

  it('of which one is gone: the other is started', async () => {
    const { engine, back, act } = await started([container(1, 'db', { state: 'exited' })]);
    expect(await act(back([container(1, 'db').id, container(9, 'x').id]))).toEqual({ started: 1 });
    expect(engine.on).toEqual(['db']);
    const fault = await faultOf(act(back([container(9, 'x').id])));
    expect(fault).toMatchObject({
      code: 'command-failed',
      what: expect.stringContaining('000000000000 is not there any more'),
    });
  });

  it('that do not start say why', async () => {
    const { machine, back, act } = await started([container(1, 'db', { state: 'exited' })]);
    machine.fault = 'refuses';
    const fault = await faultOf(act(back([container(1, 'db').id])));
    expect(fault).toMatchObject({ code: 'command-failed', what: expect.stringContaining('exit code 1') });
  });

  it('of a journal with an id that is none get into no command', async () => {
    const { back, act, sent } = await started([]);
    for (const id of ['--all', "x'; poweroff #", 'db', 'A'.repeat(64)])
      await expect(act(back([id]))).rejects.toThrow("not a container's id");
    expect(sent()).toEqual([]);
  });

  it('with neither docker nor podman are told as missing', async () => {
    const made = await up({ kind: 'docker', machine: () => linux });
    const checks = await made.check({ kind: 'shut-down-guests' });
    expect(checks.at(-1)).toMatchObject({
      verdict: 'fails',
      detail: 'it has no docker and no podman in the PATH of commands sent over SSH',
    });
    onlyLooked(made);
  });
});
