import type { StepData } from '../../../shared/run-record.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { patiently } from '../platforms/tool.ts';
import { anyUuid, isUuid, uuid } from '../uuid.ts';
import { commandOf, doXe, listOf, mayUseXe, membersOf, type Row, theOne } from './xe.ts';

/** Milliseconds of real time: every host of the pool takes part. */
const switchMs = 180_000;

const shown = ['ha-enabled', 'ha-statefiles', 'ha-configuration', 'ha-host-failures-to-tolerate'] as const;
type Pool = Row<(typeof shown)[number]>;

const poolOf = (session: Session): Promise<Pool> => theOne(session, { of: 'pool', fields: shown });

const isOn = (pool: Pool): boolean => pool['ha-enabled'] !== 'false';

const diskOf = (id: string) => ({ of: 'vdi', fields: ['sr-uuid'], where: { uuid: uuid(id) } }) as const;

const words = {
  off: 'pool-ha-disable',
  on: (heartbeats: readonly string[]): string =>
    ['pool-ha-enable', ...(heartbeats.length > 0 ? [`heartbeat-sr-uuids=${heartbeats.map(uuid).join(',')}`] : [])].join(
      ' ',
    ),
  tolerate: (pool: string, failures: string): string =>
    `pool-param-set uuid=${uuid(pool)} ha-host-failures-to-tolerate=${failures}`,
} as const;

/**
 * What it takes to have it again as it was: where its heartbeat is kept, its settings, and how many hosts may fail. The
 * pool forgets the first when it is switched off.
 */
async function remembered(session: Session, pool: Pool): Promise<StepData> {
  const heartbeats: string[] = [];
  for (const file of membersOf(pool['ha-statefiles']).filter(isUuid)) {
    const disks = await listOf(session, diskOf(file));
    // Where it is not told the pool chooses one.
    heartbeats.push(...disks.map((disk) => disk['sr-uuid']).filter(isUuid));
  }
  const settings = membersOf(pool['ha-configuration']).flatMap((one) => {
    const [, name, value] = /^([\w-]+): ([\w.-]+)$/.exec(one) ?? [];
    return name !== undefined && value !== undefined ? [`${name}=${value}`] : [];
  });
  return { heartbeats, settings, tolerates: pool['ha-host-failures-to-tolerate'] };
}

/** What was remembered when it was switched off last; undefined: no step has. */
const rememberedBy = (steps: readonly StepData[]): StepData | undefined =>
  steps.findLast(({ tolerates }) => tolerates !== undefined);

const listIn = (value: StepData[string] | undefined): readonly string[] => (Array.isArray(value) ? value : []);

/**
 * High availability of its pool, which would start VMs elsewhere, and cut hosts off, while hosts go down. It comes back
 * only where this run has switched it off, and as it was: without its number of failures it would protect nothing.
 * @see https://docs.xenserver.com/en-us/xenserver/8/high-availability
 */
export const xcpHa: SettingActs = {
  async read(session, left) {
    const was = left && rememberedBy(left);
    if (left && !was) return { on: true, seen: 'this run has not switched HA off' };
    const pool = await poolOf(session);
    if (!isOn(pool)) return { on: false, seen: 'HA is off in its pool' };
    const tolerates = pool['ha-host-failures-to-tolerate'];
    if (was && was.tolerates !== tolerates)
      return {
        on: 'between',
        seen: `HA is on in its pool, and ${tolerates} of its hosts may fail, not ${was.tolerates}`,
      };
    const seen = 'HA is on in its pool';
    return left ? { on: true, seen } : { on: true, seen, data: await remembered(session, pool) };
  },
  async set(session, on, { before }) {
    const pool = await poolOf(session);
    if (!on) {
      if (!isOn(pool)) return {};
      const data = await remembered(session, pool);
      await doXe(session, words.off, 'switching HA off', switchMs);
      return data;
    }
    const was = rememberedBy(before);
    // It is refused until every host of the pool is up.
    if (was) await patiently(session, 'the HA of the pool', () => switchOn(session, was));
    return {};
  },
  would: (on) => (on ? 'xe pool-ha-enable, if this run switched it off' : 'xe pool-ha-disable'),
  async maySet(session, on) {
    const { seen } = await xcpHa.read(session);
    const commands = on ? [words.on([anyUuid]), words.tolerate(anyUuid, '1')] : [commandOf(diskOf(anyUuid)), words.off];
    return `${await mayUseXe(session, commands)}; ${seen}`;
  },
};

async function switchOn(session: Session, was: StepData): Promise<void> {
  const pool = await poolOf(session);
  if (!isOn(pool)) {
    const command = [
      words.on(listIn(was.heartbeats)),
      // From the journal: looked at again before they become part of a command.
      ...listIn(was.settings)
        .filter((setting) => /^[\w-]+=[\w.-]+$/.test(setting))
        .map((setting) => `ha-config:${setting}`),
    ];
    await doXe(session, command.join(' '), 'switching HA on', switchMs);
  }
  const tolerates = String(was.tolerates);
  if (!/^\d{1,3}$/.test(tolerates) || (await poolOf(session))['ha-host-failures-to-tolerate'] === tolerates) return;
  await doXe(session, words.tolerate(pool.uuid, tolerates), 'setting how many hosts may fail');
}
