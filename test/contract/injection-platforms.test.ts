import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import type { GuestActs, Platform } from '../../electron/targets/platforms/platform.ts';
import { platformTable } from '../../electron/targets/platforms/table.ts';
import { nameSchema } from '../../shared/id.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { type HostKind, kindsWith, platforms } from '../../shared/platforms.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { doAll, overheard, type Voice } from '../fakes/hostile/overheard.ts';
import { type Shell, ShellRoom, shells, type Words } from '../fakes/hostile/shell-room.ts';
import { nastyString, nastyStrings, nearly } from '../fakes/hostile/strings.ts';
import { Chance } from '../fuzz/ups-chance.ts';

// Whatever a host, a guest or a journal is called: what a platform sends must be, to a real shell, the very commands that
// it sends for names without anything in them. Each row of the table is tried, also those that come later.

const seed = Number(process.env.GLIDEPATH_SEED ?? 20_261_122);
/** Names for each platform; GLIDEPATH_FUZZ: another number. */
const count = Number(process.env.GLIDEPATH_FUZZ ?? 10_000);

const kinds = kindsWith(({ by }) => by === 'ssh');

/** Ids as the platforms know them, and names. */
const uuid = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const rightIds = ['12', uuid, '0123456789ab', 'qemu/100', 'lxc/101', 'node-1', 'web'];

/** What tools print, with an id and a name where they stand. */
const voices: ReadonlyArray<(id: string, name: string) => string> = [
  () => '',
  (id) => id,
  (_id, name) => `${name}\n`,
  (id, name) => `${id} ${name} running\n`,
  (id, name) => `container ${id} ${name} running\n`,
  (id, name) => `${id}    ${name}\n`,
  (id, name) => `12     ${name}    [store] ${id}/web.vmx    guest    vmx-19\n`,
  (id, name) => `uuid ( RO)           : ${id}\n     name-label ( RW): ${name}\n    power-state ( RO): running\n`,
  (id, name) => JSON.stringify([{ vmid: id, name, status: 'running', id, sid: id, node: name, state: name }]),
  (id, name) => JSON.stringify({ version: '8.1', status: name, agent: 1, lock: id, flags: name, name }),
  (id) => `INSTALLATION_UUID='${id}'\n`,
  () =>
    `uuid ( RO)           : ${uuid}\n    ha-enabled ( RO): false\n    ha-statefiles (SRO): \n    ha-configuration (MRO): \n    ha-host-failures-to-tolerate ( RW): 0\n`,
  (id, name) => `node|${id}||True||127.0.0.1\npod|${name}/${id}|Running||\n`,
  // All at once of the VM in which Glidepath runs.
  (id, name) =>
    `${id}     ${name}    [store] ${name}.vmx    guest    vmx-19\n   World ID: 12\n   Display Name: ${name}\n   Config File: /vmfs/volumes/x/${name}.vmx\n   toolsRunningStatus = "guestToolsRunning"\n`,
  (_id, name) => `World ID: 12\n   Display Name: ${name}\n   Config File: /vmfs/volumes/x/${name}.vmx\n`,
];

/** That power a host off. */
const rightCommands = [
  'systemctl poweroff',
  '/sbin/poweroff',
  'sudo -n /sbin/shutdown -h now',
  'sudo -u root poweroff',
];

const step = stepSchema.parse({ id: 'the-step', kind: 'enter-maintenance', target: 'it' });

function hostOf(kind: HostKind, name: string, more: Record<string, unknown> = {}): Host {
  const isNamed = nameSchema.safeParse(name).success;
  return hostSchema.parse({
    id: 'it',
    name: isNamed ? name : 'it',
    kind,
    address: '127.0.0.1',
    user: 'ups',
    login: platforms[kind].by === 'ssh' ? 'key' : 'password',
    ...(kind === 'other' && { powerOffCommand: '/sbin/poweroff' }),
    ...more,
  });
}

/** All that a platform sends for an id and a name, whatever it is answered. */
async function sentBy(kind: HostKind, platform: Platform, chance: Chance, id: string, name: string): Promise<string[]> {
  const host = hostOf(kind, name, { sudo: chance.below(2) === 0 });
  const whereIs = chance.pick(['/usr/bin/tool', `/usr/bin/${name}`, name, id]);
  // What takes several right answers, one after the other, is hardly ever reached by answers that come by chance.
  const always = chance.below(2) === 0 ? chance.pick(voices) : null;
  const voice: Voice = (command) => ({
    stdout: command.startsWith('command -v') ? whereIs : (always ?? chance.pick(voices))(id, name),
    code: always === null && chance.below(4) === 0 ? 1 : 0,
  });
  const own = chance.below(2) === 0 ? hostOf('linux', name, { isThisComputer: true, runsOn: host.id }) : null;
  const { session, sent } = overheard(host, voice, undefined, own);
  await doAll(platform, session, {
    id,
    name,
    data: {
      maintenanceBefore: [id],
      guests: [id],
      flags: [name],
      services: [`vm:100 ${name}`, `${id} started`],
      heartbeats: [uuid],
      settings: [`timeout=${id}`],
      tolerates: '1',
      name,
      id,
      before: name,
    },
    step,
  });
  return sent;
}

/** What stands in a command, as it may be run: names of programs are among it. */
const programsIn = (commands: readonly string[]): string[] => {
  const words = commands.flatMap((command) => command.match(/[\w./+-]+/g) ?? []);
  return [...new Set(words.filter((word) => /^(\/[\w.+-]+)*\/?[a-z][\w.+-]*$/.test(word)))];
};

/** A path of one word, which a host may have told. */
const isPath = (word: string | undefined): boolean => word !== undefined && /^\/[\w./+-]+$/.test(word);

/** Which programs are run, with how many words, and the options among these. */
const shapeOf = (runs: readonly Words[]): string =>
  JSON.stringify(
    runs.map((words) => {
      const at = words[0] === 'sudo' && words[1] === '-n' ? 2 : 0;
      const program = isPath(words[at]) ? 'a path' : words[at];
      return [at, program, words.length, words.filter((word) => word.startsWith('-'))];
    }),
  );

/** What a platform sends for usual names, and what it sends besides when names are not usual. */
interface Heard {
  usual: readonly string[];
  others: readonly string[];
}

describe.skipIf(process.getuid?.() !== 0)('what platforms send', { timeout: 300_000 }, () => {
  let room: ShellRoom;
  beforeAll(() => {
    room = new ShellRoom();
  });
  afterAll(() => room.close(), 60_000);

  const read = async (shell: Shell, commands: readonly string[]): Promise<Map<string, Words[]>> => {
    const runs = await room.read(shell, commands, [...programsIn(commands), 'owned']);
    return new Map(commands.map((command, at) => [command, runs[at] ?? []]));
  };

  async function heardOf(kind: HostKind, platform: Platform, names: number): Promise<Heard> {
    const usual = new Set<string>();
    for (let at = 0; at < 2000; at += 1) {
      const chance = new Chance(seed + at);
      const sent = await sentBy(kind, platform, chance, chance.pick(rightIds), chance.pick(['web', 'db']));
      for (const command of sent) usual.add(command);
    }
    const others = new Set<string>();
    for (let at = 0; at < names; at += 1) {
      const chance = new Chance(seed + 7919 * at);
      const nasty = nastyStrings[at] ?? nastyString(chance);
      const id = chance.below(2) === 0 ? nasty : nearly(chance, chance.pick(rightIds));
      for (const command of await sentBy(kind, platform, chance, id, nasty))
        if (!usual.has(command)) others.add(command);
    }
    return { usual: [...usual], others: [...others] };
  }

  /** Those of the others that mean to a shell what none of the usual ones means. */
  async function amiss(shell: Shell, { usual, others }: Heard): Promise<string[]> {
    const shapes = new Set([...(await read(shell, usual)).values()].map(shapeOf));
    const runs = [...(await read(shell, others))];
    return runs
      .filter(([, ran]) => !shapes.has(shapeOf(ran)) || ran.flat().includes('owned'))
      .map(([command]) => command);
  }

  it.each(kinds)('%s: means the same to every shell, whatever things are called', async (kind) => {
    const heard = await heardOf(kind, platformTable[kind], count);
    expect(heard.usual.length).toBeGreaterThan(0);
    for (const shell of shells) expect(await amiss(shell, heard)).toEqual([]);
    console.log(`${kind}: ${heard.usual.length} usual commands, ${heard.others.length} others from ${count} names`);
  });

  it.each([
    ['an id that is taken as it is', (id: string) => `docker stop ${id}`],
    ['an id in double quotes', (id: string) => `docker stop "${id}"`],
    ['an id of which one line is right', (id: string) => (/^\d+$/m.test(id) ? `docker stop ${id}` : 'docker ps')],
    ['an id that begins right', (id: string) => (/^\d+/.test(id) ? `docker stop ${id}` : 'docker ps')],
    ['an id that ends right', (id: string) => (/[\w-]+$/.test(id) ? `docker stop ${id}` : 'docker ps')],
    ['an id that may be an option', (id: string) => (/^[\w-]+$/.test(id) ? `docker stop ${id}` : 'docker ps')],
  ])('would tell %s', async (_what, commandFor) => {
    const start: GuestActs['start'] = async (session, { id }) => {
      await session.run(commandFor(id));
      return null;
    };
    const unused = async () => expect.unreachable();
    const guests = { ...platformTable.docker.guests, list: async () => [], shutDown: unused, cut: unused, start };
    const naive: Platform = { powerOff: null, guests: guests as unknown as GuestActs, harmless: [] };
    const heard = await heardOf('docker', naive, 500);
    for (const shell of shells) expect((await amiss(shell, heard)).length).toBeGreaterThan(0);
  });

  it.each(kinds)('%s: a rehearsal runs nothing of what powers it off, whatever that is', async (kind) => {
    const looksOf = async (powerOffCommand: string, chance: Chance): Promise<string[]> => {
      const host = hostSchema.safeParse({ ...hostOf(kind, 'it'), powerOffCommand, sudo: chance.below(2) === 0 });
      if (!host.success) return [];
      const answers = [
        '0\n',
        '',
        '/sbin/poweroff\n',
        'User ups may run the following commands:\n    (root) NOPASSWD: ALL\n',
      ];
      const voice: Voice = () => ({ stdout: chance.pick(answers), code: chance.below(4) === 0 ? 1 : 0 });
      const { session, sent } = overheard(host.data, voice, isHarmless);
      for (const look of platformTable[kind].powerOff?.looks(session) ?? []) await look.see().catch(() => undefined);
      return sent;
    };
    const collect = async (times: number, command: (chance: Chance, at: number) => string): Promise<string[]> => {
      const all = new Set<string>();
      for (let at = 0; at < times; at += 1) {
        const chance = new Chance(seed + 104_729 * at);
        for (const sent of await looksOf(command(chance, at), chance)) all.add(sent);
      }
      return [...all];
    };
    const usual = await collect(100, (chance) => chance.pick(rightCommands));
    const others = await collect(count, (chance, at) => {
      const nasty = nastyStrings[at] ?? nastyString(chance);
      return chance.below(4) === 0 ? nasty : nearly(chance, chance.pick(rightCommands));
    });
    for (const shell of shells) {
      const known = new Set([...(await read(shell, usual)).values()].flat().map(([program]) => program));
      const unusual = others.filter((command) => !usual.includes(command));
      for (const [command, runs] of await read(shell, unusual)) {
        for (const [program, ...words] of runs) {
          if (program === 'sudo') expect(words.slice(0, 2), command).toEqual(['-n', '-l']);
          else expect([...known], command).toContain(program);
        }
      }
    }
  });
});
