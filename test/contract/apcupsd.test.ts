import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import { ApcupsdSource } from '../../electron/ups/apcupsd/apcupsd-source.ts';
import { type ApcupsdDaemon, hasApcupsd, startApcupsd } from '../fakes/apcupsd/daemon.ts';
import { startNisServer } from '../fakes/apcupsd/nis-server.ts';
import { freePort } from '../fakes/server-process.ts';
import { eventually, faultOf, type Heard, listen } from './ups-kit.ts';

const timeout = { timeout: 60_000 };

function source(port: number): { apc: ApcupsdSource; heard: Heard } {
  const server = { id: 'one', kind: 'apcupsd' as const, address: '127.0.0.1', port };
  const apc = new ApcupsdSource(server, { clock: systemClock, changed: () => undefined });
  onTestFinished(() => apc.stop());
  return { apc, heard: listen(apc) };
}

/** Under CI a missing apcupsd is a failure, not a skip. */
describe.skipIf(!hasApcupsd && process.env.CI !== 'true')(
  'a real apcupsd, with a UPS on its serial port',
  timeout,
  () => {
    let daemon: ApcupsdDaemon;
    let id: string;
    beforeAll(async () => {
      daemon = await startApcupsd();
      id = `apcupsd:127.0.0.1:${daemon.port}`;
    }, timeout.timeout);
    afterAll(() => daemon?.stop());

    it('tells the UPS, and what it says', async () => {
      const { apc, heard } = source(daemon.port);
      expect(await heard.found()).toEqual({
        id,
        name: 'Smart-UPS 1000',
        manufacturer: 'APC',
        serial: 'AS1234567890',
        firmware: '652.13.I',
        source: 'apcupsd',
        via: `apcupsd rack@127.0.0.1:${daemon.port}`,
        offers: [],
      });
      expect(await heard.reading(() => true)).toMatchObject({
        upsId: id,
        acPresent: true,
        discharging: false,
        belowCapacityLimit: false,
        forcedShutdown: false,
        batteryPresent: true,
        charge: 100,
        runtime: 2700,
        load: 12.4,
        inputVoltage: 230.4,
        outputVoltage: 230.4,
        inputFrequency: 50,
        batteryVoltage: 27.9,
        nominalBatteryVoltage: 24,
        temperature: 31.2,
        lowRuntime: 120,
        testResult: 'passed',
        beeper: 'enabled',
        batteryDate: '2024-03-31',
        manufactureDate: '2024-03-31',
      });
      expect((await apc.details()).find((one) => one.name === 'TIMELEFT')).toMatchObject({ feeds: 'runtime' });
      expect((await faultOf(apc.command())).code).toBe('ups-refused');
    });

    it('tells an outage and its end', async () => {
      const { apc, heard } = source(daemon.port);
      await heard.reading((reading) => reading.acPresent === true);
      apc.hurry(true);
      daemon.mains(false, 4);
      expect(await heard.reading((reading) => reading.acPresent === false && reading.runtime === 240)).toMatchObject({
        discharging: true,
        belowCapacityLimit: false,
        inputVoltage: 0,
      });
      daemon.charge(40);
      await heard.reading((reading) => reading.charge === 40);
      const from = heard.events.length;
      daemon.mains(true);
      expect(await heard.reading((reading) => reading.acPresent === true, from)).toMatchObject({ discharging: false });
      await heard.reading((reading) => reading.runtime === 2700, from);
    });

    it('tells a low battery and the shutdown that it orders, until it is started again', async () => {
      const { apc, heard } = source(daemon.port);
      await heard.reading((reading) => reading.acPresent === true);
      apc.hurry(true);
      daemon.mains(false, 2);
      await heard.reading((reading) => reading.acPresent === false);
      daemon.low(true);
      expect(await heard.reading((reading) => reading.belowCapacityLimit === true)).toMatchObject({ acPresent: false });
      await heard.reading((reading) => reading.forcedShutdown === true);
      const back = heard.events.length;
      daemon.mains(true);
      daemon.low(false);
      // It says so until it is started again; with the mains there nobody need go down any more.
      expect(
        await heard.reading((reading) => reading.acPresent === true && reading.belowCapacityLimit === false, back),
      ).toMatchObject({ forcedShutdown: false });
      expect((await apc.details()).find((one) => one.name === 'STATUS')).toMatchObject({ raw: 'SHUTTING DOWN' });
      const restarted = heard.events.length;
      await daemon.restart(async () => {
        expect((await heard.lost(id, restarted)).code).toBe('ups-no-answer');
      });
      await heard.found(id, restarted);
      await heard.reading((reading) => reading.acPresent === true, restarted);
      await eventually(() => apc.fault() === null, 'no fault');
    });
  },
);

it('loses the UPS when apcupsd has lost it, without a fault of the server', timeout, async () => {
  const server = await startNisServer();
  onTestFinished(() => server.stop());
  const id = `apcupsd:127.0.0.1:${server.port}`;
  const { heard, apc } = source(server.port);
  await heard.found();
  server.set({ STATUS: 'COMMLOST', STATFLAG: '0x05000100' });
  expect((await heard.lost(id)).what).toContain('lost its contact');
  expect(apc.fault()).toBeNull();
  const from = heard.events.length;
  server.set({ STATUS: 'ONLINE', STATFLAG: '0x05000008' });
  await heard.found(id, from);
});

it('is troubled by a server that was never there', timeout, async () => {
  const { heard, apc } = source(await freePort());
  expect(await heard.trouble()).toMatchObject({ code: 'ups-no-answer' });
  expect(apc.fault()?.what).toContain('refused');
});

it('gives a server up that takes the connection and says nothing', timeout, async () => {
  const port = await freePort();
  const silent = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
  });
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { heard } = source(port);
  expect((await heard.trouble()).what).toContain('has not answered within 4 s');
});
