import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../electron/cli/arguments.ts';

const hash = '0123456789abcdef'.repeat(4);
const command = (line: string) => parseArguments(line.split(' ').filter(Boolean));

describe('the command line', () => {
  it.each([
    ['ups list', { name: 'list', json: false }],
    ['ups list --json', { name: 'list', json: true }],
    ['ups dump', { name: 'dump', ups: null, raw: false, serial: false, out: null }],
    ['ups dump --raw --serial -o a.txt Rack', { name: 'dump', ups: 'Rack', raw: true, serial: true, out: 'a.txt' }],
    ['ups dump Rack --out=a.txt', { name: 'dump', ups: 'Rack', raw: false, serial: false, out: 'a.txt' }],
    ['ups decode a.hex b.tsv', { name: 'decode', descriptor: 'a.hex', profile: 'b.tsv' }],
    ['ups decode -- -a.hex b.tsv', { name: 'decode', descriptor: '-a.hex', profile: 'b.tsv' }],
    ['ups watch', { name: 'watch', seconds: null }],
    ['ups watch --for 2.5', { name: 'watch', seconds: 2.5 }],
    ['daemon', { name: 'daemon', data: null }],
    ['daemon --data /rack', { name: 'daemon', data: '/rack' }],
    ['plan a.json', { name: 'plan', file: 'a.json', data: null }],
    ['rehearse --data=/rack a.json', { name: 'rehearse', file: 'a.json', data: '/rack' }],
    ['run a.json', { name: 'run', data: null }],
    [
      'run a.json --simulate',
      { name: 'simulate', file: 'a.json', data: null, whatIf: { load: 1, hangs: null, powerBackAt: null } },
    ],
    [
      'run --simulate --load 1.5 --hang esx-2 --back-at 240 a.json',
      { name: 'simulate', file: 'a.json', data: null, whatIf: { load: 1.5, hangs: 'esx-2', powerBackAt: 240 } },
    ],
    ['status --json', { name: 'status', json: true, data: null }],
    [`arm ${hash}`, { name: 'arm', hash, data: null }],
    ['disarm', { name: 'disarm', data: null }],
    ['--help', { name: 'help' }],
    ['ups dump -h', { name: 'help' }],
  ])('%s', (line, expected) => {
    expect(command(line)).toEqual({ command: expected });
  });

  it.each([
    ['', 'No command is given.'],
    ['constructor', 'There is no command "constructor".'],
    ['ups', '"ups" needs to be told what to do: list, dump, decode or watch.'],
    ['ups toString', 'There is no command "ups toString".'],
    ['ups list extra', '"extra" is one word too many.'],
    ['ups dump a b', '"b" is one word too many.'],
    ['ups dump -o', "Option '-o, --out <value>' argument missing."],
    ['ups decode', '"ups decode" takes two files: DESCRIPTOR.hex and PROFILE.tsv.'],
    ['ups decode a.hex', '"ups decode" takes two files: DESCRIPTOR.hex and PROFILE.tsv.'],
    ['ups decode a b c', '"c" is one word too many.'],
    ['ups list --raw', "Unknown option '--raw'."],
    ['daemon now', '"now" is one word too many.'],
    ['daemon --password x', "Unknown option '--password'."],
    ['plan', '"plan" takes a file: a sequence, as in the folder "sequences".'],
    ['rehearse', '"rehearse" takes a file: a sequence, as in the folder "sequences".'],
    ['run --simulate', '"run" takes a file: a sequence, as in the folder "sequences".'],
    ['run a --load 2', '"--load" goes with "--simulate".'],
    ['run a --simulate --load 0', '"--load" takes a multiple of the present load from 0.1 to 10, not "0".'],
    ['run a --simulate --load 1e1', '"--load" takes a multiple of the present load from 0.1 to 10, not "1e1".'],
    ['run a --simulate --hang Esx', '"--hang" takes the id of a host, not "Esx".'],
    ['run a --simulate --back-at 0', '"--back-at" takes whole seconds from 1 to 86400, not "0".'],
    ['run a --simulate --back-at 1.5', '"--back-at" takes whole seconds from 1 to 86400, not "1.5".'],
    ['arm', '"arm" takes the hash that "plan" prints: 64 hex digits.'],
    ['arm --yes', "Unknown option '--yes'."],
    ['arm 0123', '"arm" takes the hash that "plan" prints: 64 hex digits.'],
    ['ups watch --for 0', '"--for" takes seconds, more than 0 and at most 604800, not "0".'],
    ['ups watch --for 1e9', '"--for" takes seconds, more than 0 and at most 604800, not "1e9".'],
    ['ups watch --for 604801', '"--for" takes seconds, more than 0 and at most 604800, not "604801".'],
  ])('refuses "%s"', (line, wrong) => {
    expect(command(line)).toEqual({ wrong });
  });
});
