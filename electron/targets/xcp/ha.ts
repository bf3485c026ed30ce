import type { StepData } from '../../../shared/run-record.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { patiently } from '../platforms/tool.ts';
import { isUuid, uuid } from '../uuid.ts';
import { doXe, listOf, mayUseXe, membersOf, type Row, theOne } from './xe.ts';

/** Milliseconds of real time: every host of the pool takes part. */
const switchMs = 180_000;

const shown = ['ha-enabled', 'ha-statefiles', 'ha-configuration', 'ha-host-failures-to-tolerate'] as const;
type Pool = Row<(typeof shown)[number]>;

const poolOf = (session: Session): Promise<Pool> => theOne(session, { of: 'pool', fields: shown });

const isOn = (pool: Pool): boolean => pool['ha-enabled'] !== 'false';

/**
 * What it takes to have it again as it was: where its heartbeat is kept, its settings, and how many hosts may fail. The
 * pool forgets the first when it is switched off.
 */
async function remembered(session: Session, pool: Pool): Promise<StepData> {
  const heartbeats: string[] = [];
  for (const file of membersOf(pool['ha-statefiles']).filter(isUuid)) {
    const disks = await listOf(session, { of: 'vdi', fields: ['sr-uuid'], where: { uuid: file } });
    // Where it is not told the pool chooses one.
    heartbeats.push(...disks.map((disk) => disk['sr-uuid']).filter(isUuid));
  }
  const settings = membersOf(pool['ha-configuration']).flatMap((one) => {
    const [, name, value] = /^([\w-]+): ([\w.-]+)$/.exec(one) ?? [];
    return name !== undefined && value !== undefined ? [`${name}=${value}`] : [];
  });
  return { heartbeats, settings, tolerates: pool['ha-host-failures-to-tolerate'] };
}

/** What one step of this run remembered; undefined: none has switched it off. */
const rememberedBy = (steps: readonly StepData[]): StepData | undefined =>
  steps.find(({ tolerates }) => tolerates !== undefined);

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
      await doXe(session, 'pool-ha-disable', 'switching HA off', switchMs);
      return data;
    }
    const was = rememberedBy(before);
    // It is refused until every host of the pool is up.
    if (was) await patiently(session, 'the HA of the pool', () => switchOn(session, was));
    return {};
  },
  would: (on) => (on ? 'xe pool-ha-enable, if this run switched it off' : 'xe pool-ha-disable'),
  async maySet(session) {
    const { seen } = await xcpHa.read(session);
    return `${await mayUseXe(session)}; ${seen}`;
  },
};

async function switchOn(session: Session, was: StepData): Promise<void> {
  const pool = await poolOf(session);
  if (!isOn(pool)) {
    const heartbeats = listIn(was.heartbeats).map(uuid).join(',');
    const words = [
      'pool-ha-enable',
      ...(heartbeats === '' ? [] : [`heartbeat-sr-uuids=${heartbeats}`]),
      // From the journal: looked at again before they become part of a command.
      ...listIn(was.settings)
        .filter((setting) => /^[\w-]+=[\w.-]+$/.test(setting))
        .map((setting) => `ha-config:${setting}`),
    ];
    await doXe(session, words.join(' '), 'switching HA on', switchMs);
  }
  const tolerates = String(was.tolerates);
  if (!/^\d{1,3}$/.test(tolerates) || (await poolOf(session))['ha-host-failures-to-tolerate'] === tolerates) return;
  const words = `pool-param-set uuid=${uuid(pool.uuid)} ha-host-failures-to-tolerate=${tolerates}`;
  await doXe(session, words, 'setting how many hosts may fail');
}
