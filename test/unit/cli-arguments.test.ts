import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../electron/cli/arguments.ts';

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
    ['ups watch --for 0', '"--for" takes seconds, more than 0 and at most 604800, not "0".'],
    ['ups watch --for 1e9', '"--for" takes seconds, more than 0 and at most 604800, not "1e9".'],
    ['ups watch --for 604801', '"--for" takes seconds, more than 0 and at most 604800, not "604801".'],
  ])('refuses "%s"', (line, wrong) => {
    expect(command(line)).toEqual({ wrong });
  });
});
