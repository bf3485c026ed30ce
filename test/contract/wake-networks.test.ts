import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ManyCards, whyNoNetworks } from '../fakes/wake/networks.ts';

const why = whyNoNetworks();
const mac = '02:00:00:aa:bb:01';

/** Three rounds to the network's own broadcast address, ports 9 and 7, and to 255.255.255.255. */
const perNetwork = 9;

let computer: ManyCards | null = null;

/** What came over each wire, for who reads the output. */
const counted: string[] = [];
afterAll(() => console.log(`magic packets on the wire, by network:\n${counted.join('\n')}`));

beforeAll(() => {
  if (why && process.env.CI) throw new Error(why);
});

afterEach(async () => {
  await computer?.close();
  computer = null;
});

async function withNetworks(...subnets: string[]): Promise<ManyCards> {
  computer = await ManyCards.make(subnets, mac);
  return computer;
}

/** What has left is on the wire: a count that stands still is not waited for, more than is expected is seen. */
async function heard(what: string, on: ManyCards, numbers: number[]): Promise<void> {
  await expect.poll(() => on.heard, { interval: 20 }).toEqual(numbers);
  counted.push(`  ${what}: ${on.heard.join(' and ')}`);
}

describe.skipIf(why !== null)('magic packets on a computer with several network cards, counted on the wire', () => {
  it('reach every network without a default route, where a socket that is bound to nothing sends none', async () => {
    const on = await withNetworks('192.168.10', '192.168.20');
    const others = await on.send({ mac, how: 'unbound' });
    expect(others.packets).toBe(0);
    expect(others.failures[0]).toContain('ENETUNREACH');
    expect(await on.send({ mac, how: 'ours' })).toEqual({ packets: 2 * perNetwork, failures: [] });
    await heard('no default route: none of others, ours', on, [perNetwork, perNetwork]);
  });

  it('reach every network with a default route by one of them, where others reach that one only', async () => {
    const on = await withNetworks('192.168.10', '192.168.20');
    on.ip('route add default via 192.168.20.1 dev d1');
    expect(await on.send({ mac, how: 'unbound' })).toEqual({ packets: 1, failures: [] });
    await heard('default route by the second, sent by others', on, [0, 1]);
    expect(await on.send({ mac, how: 'ours' })).toEqual({ packets: 2 * perNetwork, failures: [] });
    await heard('and ours besides', on, [perNetwork, perNetwork + 1]);
  });

  it('leave by the other cards when one has no cable', async () => {
    const on = await withNetworks('192.168.10', '192.168.20');
    // A cable of which nobody has taken the other end.
    on.ip('link add d2 type veth peer name unused');
    on.ip('addr add 192.168.30.2/24 broadcast + dev d2');
    on.ip('link set d2 up');
    expect(on.ip('link show d2')).toContain('NO-CARRIER');
    expect(await on.send({ mac, how: 'ours' })).toEqual({ packets: 2 * perNetwork, failures: [] });
    await heard('no cable at a third card, ours', on, [perNetwork, perNetwork]);
  });

  it('leave by the other card when the system refuses what goes to one network', async () => {
    const on = await withNetworks('192.168.10', '192.168.20');
    on.ip('rule add priority 10 lookup local');
    on.ip('rule add priority 5 from 192.168.10.2 prohibit');
    on.ip('rule del priority 0');
    const { packets, failures } = await on.send({ mac, how: 'ours' });
    // 255.255.255.255 is looked up in no table when the socket is bound: those three leave all the same.
    expect(packets).toBe(3 + perNetwork);
    expect(failures).toHaveLength(6);
    for (const failure of failures) expect(failure).toMatch(/^192\.168\.10\.2 to 192\.168\.10\.255:[79]: .*EACCES/);
    await heard('the system refuses the first network, ours', on, [3, perNetwork]);
  });
});
