import { rackSequence } from '../../fakes/rack-samples.ts';
import type { Battery } from './battery.ts';
import { rehearsalsIn } from './rehearsing.ts';
import type { Room } from './room.ts';

/** "20 min", "90 s", "1 h" in seconds. */
function lengthOf(text: string): number {
  const [, number, unit] = /^(\d+) (s|min|h)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is no length of time`);
  return Number(number) * (unit === 'h' ? 3600 : unit === 'min' ? 60 : 1);
}

type Does = (room: Room, words: string[]) => unknown;

/** What happens to the power, and what a UPS says. The UPS is the first one unless "Rack UPS: " stands before the line. */
const power: [RegExp, (battery: Battery, words: string[]) => unknown][] = [
  [
    /^mains lost(?:, (\d+ \w+) of battery)?(?:, (\d+) % charged)?$/,
    (battery, [lasts, percent]) => battery.lose(lasts ? lengthOf(lasts) : null, percent ? Number(percent) : null),
  ],
  [/^mains back$/, (battery) => battery.back()],
  [/^USB cable pulled$/, (battery) => battery.pullCable()],
  [/^somebody switches it on$/, (battery) => battery.switchOn()],
  [/^USB cable plugged in$/, (battery) => battery.plugCable()],
  [/^it says nothing more$/, (battery) => Object.assign(battery.ups, { plugged: false })],
  [/^it speaks again$/, (battery) => Object.assign(battery.ups, { plugged: true })],
  [/^it says that its battery is low$/, (battery) => says(battery, { belowCapacityLimit: true })],
  [/^it says no more that its battery is low$/, (battery) => says(battery, { belowCapacityLimit: false })],
  [/^its server says that everybody must shut down$/, (battery) => says(battery, { forcedShutdown: true })],
  [/^its server says so no more$/, (battery) => says(battery, { forcedShutdown: false })],
  [/^it says (\d+ \w+), whatever is left$/, (battery, [text = '']) => says(battery, { runtime: lengthOf(text) })],
  [/^it says 0 s and 0 %$/, (battery) => says(battery, { runtime: 0, charge: 0 })],
  [/^it says the truth again$/, (battery) => Object.assign(battery, { told: {} })],
  [
    /^it tests itself$/,
    (battery) => says(battery, { acPresent: null, discharging: true, testing: true, charge: 80, runtime: 120 }),
  ],
  [
    /^it calibrates itself down to 20 %$/,
    (battery) => says(battery, { acPresent: true, discharging: true, charge: 20, runtime: 120 }),
  ],
  [/^its test is over$/, (battery) => endTest(battery)],
];

const says = (battery: Battery, told: Battery['told']) => {
  battery.told = { ...battery.told, ...told };
};

function endTest(battery: Battery): void {
  battery.told = {};
  battery.ups.now = { ...battery.ups.now, testing: false };
}

const host = (room: Room, name: string | undefined) => room.bench.world.host(name);
const command = { command: 'test.battery.start.quick', delay: null } as const;

/** Everything else. */
const others: [RegExp, Does][] = [
  [/^Glidepath is killed$/, (room) => room.kill()],
  [/^Glidepath is started$/, (room) => room.start()],
  [/^this computer sleeps for (\d+ \w+)$/, (room, [text = '']) => room.sleep(lengthOf(text), false)],
  [
    /^this computer sleeps for (\d+ \w+), in which the mains come back$/,
    (room, [text = '']) => room.sleep(lengthOf(text), true),
  ],
  [/^the clock is set forward by (\d+ \w+)$/, (room, [text = '']) => room.bench.clock.jump(lengthOf(text) * 1000)],
  [/^the clock is set back by (\d+ \w+)$/, (room, [text = '']) => room.bench.clock.jump(-lengthOf(text) * 1000)],
  [/^by hand: start now$/, (room) => room.ask('start now', () => room.bench.engine.startByHand())],
  [/^by hand: stop$/, (room) => room.ask('stop', () => room.bench.engine.cancel())],
  [
    /^by hand: postpone by (\d+ \w+)$/,
    (room, [text = '']) => room.ask('postpone', () => room.bench.engine.postpone(lengthOf(text))),
  ],
  [
    /^by hand: skip ([\w.-]+)$/,
    (room, [step = '']) =>
      room.ask(`skip ${step}`, () => room.bench.engine.skip(room.bench.engine.run()?.runId ?? '', step)),
  ],
  [/^by hand: rehearse$/, (room) => rehearse(room)],
  [/^by hand: test the battery$/, (room) => testBattery(room)],
  [/^by hand: a plan for the nas alone is chosen$/, (room) => choose(room, true)],
  [/^by hand: the plan is disarmed$/, (room) => choose(room, false)],
  [/^by hand: the plan is deleted$/, (room) => room.bench.engine.setPlan(null, room.rack.hosts)],
  [/^(\w+) hangs$/, (room, [name]) => Object.assign(host(room, name), { trouble: 'hangs' })],
  [/^(\w+) refuses$/, (room, [name]) => Object.assign(host(room, name), { trouble: 'refuses' })],
  [/^(\w+) says yes and does nothing$/, (room, [name]) => Object.assign(host(room, name), { trouble: 'lies' })],
  [/^(\w+) cannot be reached$/, (room, [name]) => Object.assign(host(room, name), { trouble: 'unreachable' })],
  [/^the cable of (\w+) is pulled$/, (room, [name = '']) => room.bench.world.sever(name)],
  [/^(\w+) is well again$/, (room, [name]) => Object.assign(host(room, name), { trouble: null })],
  [/^(\w+) is off$/, (room, [name]) => Object.assign(host(room, name), { power: 'off' })],
  [/^somebody switches (\w+) on$/, (room, [name]) => Object.assign(host(room, name), { power: 'on' })],
  [
    /^(\w+) will switch itself on (\d+ \w+) after it is off$/,
    (room, [name, text = '']) => Object.assign(host(room, name), { wakesItselfAfter: lengthOf(text) * 1000 }),
  ],
  [
    /^(\w+) takes (\d+ \w+) longer$/,
    (room, [name, text = '']) => Object.assign(host(room, name), { slow: lengthOf(text) }),
  ],
  [
    /^(\w+) answers for (\d+ \w+) after it is told to go off$/,
    (room, [name = '', text = '']) => room.lingers.set(name, lengthOf(text)),
  ],
  [/^(\w+) has another host key$/, (room, [name = '']) => room.changedKeys.add(name)],
  [/^guest (\w+) of (\w+) will not stop$/, (room, [guest = '', name]) => host(room, name).stubborn.add(guest)],
  [
    /^an order takes (\d+ \w+) to be taken$/,
    (room, [text = '']) => Object.assign(room.bench.world, { actMs: lengthOf(text) * 1000 }),
  ],
  [/^no magic packet leaves this computer$/, (room) => Object.assign(room, { isMute: true })],
  [/^UPSes show no countdown$/, (room) => Object.assign(room.bench.world.upses, { showsCountdown: false })],
  [/^UPSes take no stop$/, (room) => Object.assign(room.bench.world.upses, { refusesStop: true })],
  [
    /^a UPS takes (\d+ \w+) to answer an order$/,
    (room, [text = '']) => Object.assign(room.bench.world.upses, { answerMs: lengthOf(text) * 1000 }),
  ],
  [/^magic packets leave again$/, (room) => Object.assign(room, { isMute: false })],
];

async function rehearse(room: Room): Promise<void> {
  const rehearsals = await rehearsalsIn(room);
  await room.ask('rehearse', () => rehearsals.start('by-hand'));
  await rehearsals.settled();
  const { latest } = rehearsals.view();
  if (latest) room.shown.add(`rehearsed: ${latest.steps.map((step) => `${step.stepId} ${step.verdict}`).join(', ')}`);
}

async function testBattery(room: Room): Promise<void> {
  const { engine, ups } = room.bench;
  ups.identity = { ...ups.identity, offers: [{ command: command.command, delay: null, note: '' }] };
  ups.plug();
  engine.setSupplies([{ id: ups.identity.id, name: ups.identity.name, commandsAllowed: true }]);
  await room.ask('test the battery', () => engine.command(ups.identity.id, command));
  room.shown.add(`orders to the UPS: ${ups.orders.join(', ') || 'none'}`);
}

function choose(room: Room, isOther: boolean): void {
  const { sequence, hosts } = room.rack;
  const only = rackSequence({
    id: 'other',
    name: 'Other',
    stages: [{ id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] }],
    pointOfNoReturn: 'storage',
    returnStages: [{ id: 'back', name: 'Back', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] }],
  });
  const plan = { sequence: isOther ? only : sequence, hash: isOther ? 'other' : 'h', armed: isOther };
  room.bench.engine.setPlan(plan, hosts);
}

/** Makes happen what a line says. @throws Error when nobody knows what it means */
export async function happen(room: Room, line: string): Promise<void> {
  const [, second, text = line] = /^(Rack UPS: )?(.*)$/.exec(line) ?? [];
  const battery = second ? room.second : room.first;
  for (const [pattern, act] of power) {
    const found = pattern.exec(text);
    if (found) return void act(battery, found.slice(1));
  }
  for (const [pattern, act] of others) {
    const found = pattern.exec(line);
    if (found) return void (await act(room, found.slice(1)));
  }
  throw new Error(`nobody knows what "${line}" means`);
}
