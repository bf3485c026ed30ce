import { describe, expect, it } from 'vitest';
import { asking, wantedOf } from '../../electron/targets/checks/commands.ts';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import { asksForPassword } from '../../electron/targets/checks/sudo-rules.ts';

/** As sudo 1.9.13 prints it, lines broken at 80 columns. */
const list = (rules: string, more = '') =>
  `Matching Defaults entries for ups on web:\n    env_reset, mail_badpass,\n    use_pty${more}\n\nUser ups may run the following commands on web:\n${rules}\n`;

const off = '/usr/bin/systemctl poweroff';

describe('whether sudo asks for a password, by its list', () => {
  it.each([
    ['the very command', '    (root) NOPASSWD: /usr/bin/systemctl poweroff', 'no-password'],
    ['the program with any arguments', '    (root) NOPASSWD: /usr/bin/systemctl', 'no-password'],
    ['everything', '    (ALL : ALL) NOPASSWD: ALL', 'no-password'],
    ['everything, with a password', '    (ALL : ALL) ALL', 'password'],
    ['another command without one, this one with', '    (root) NOPASSWD: /usr/bin/id, PASSWD: ALL', 'password'],
    ['the last rule counts', '    (ALL) NOPASSWD: ALL\n    (root) /usr/bin/systemctl poweroff', 'password'],
    [
      'the last rule counts, the other way',
      '    (ALL) ALL\n    (root) NOPASSWD: /usr/bin/systemctl poweroff',
      'no-password',
    ],
    ['a tag holds for what follows', '    (root) NOPASSWD: /usr/bin/id, /usr/bin/systemctl poweroff', 'no-password'],
    ['a tag beside others', '    (root) NOPASSWD: SETENV: /usr/bin/systemctl poweroff', 'no-password'],
    ['a rule for another user', '    (root) NOPASSWD: ALL\n    (postgres) ALL', 'no-password'],
    ['the program without arguments alone', '    (root) NOPASSWD: /usr/bin/systemctl ""', 'unknown'],
    ['other arguments', '    (ALL) ALL\n    (root) NOPASSWD: /usr/bin/systemctl reboot', 'password'],
    ['a pattern alone', '    (root) NOPASSWD: /usr/bin/systemctl *', 'no-password'],
    ['a pattern against another rule', '    (ALL) ALL\n    (root) NOPASSWD: /usr/bin/systemctl *', 'unknown'],
    [
      'an exception before',
      '    (root) NOPASSWD: !/usr/bin/systemctl reboot, /usr/bin/systemctl poweroff',
      'no-password',
    ],
    ['nothing that fits', '    (root) NOPASSWD: /usr/bin/id', 'unknown'],
  ])('%s', (_, rules, asks) => {
    expect(asksForPassword(list(rules), off, 'root')).toBe(asks);
  });

  it('reads rules that go on in the next line', () => {
    const rules =
      '    (root) NOPASSWD: /usr/sbin/poweroff, /usr/bin/systemctl reboot, /usr/bin/systemctl\n        poweroff, PASSWD: /usr/bin/id';
    expect(asksForPassword(list(rules), off, 'root')).toBe('no-password');
    expect(asksForPassword(list(rules), '/usr/bin/id', 'root')).toBe('password');
  });

  it('knows that this host never asks', () => {
    expect(asksForPassword(list('    (root) ALL', ', !authenticate'), off, 'root')).toBe('no-password');
    expect(asksForPassword(list('    (root) ALL', ', authenticate'), off, 'root')).toBe('password');
  });

  it('knows the rule for a command without arguments', () => {
    const rules = '    (ALL) ALL\n    (root) NOPASSWD: /sbin/poweroff ""';
    expect(asksForPassword(list(rules), '/sbin/poweroff', 'root')).toBe('no-password');
  });

  it('is not held up by a list that is a trap', () => {
    const began = performance.now();
    const trap = `User a${' may run the following commands'.repeat(30_000)}`;
    expect(asksForPassword(`${trap}\n${trap}\n`, off, 'root')).toBe('unknown');
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('does not take anything else for a list', () => {
    expect(asksForPassword('sudo: a password is required\n', off, 'root')).toBe('unknown');
  });
});

describe('a command that is asked about', () => {
  it.each([
    ['systemctl poweroff', { command: 'systemctl poweroff', as: null }],
    ['sudo -n systemctl poweroff', { command: 'systemctl poweroff', as: 'root' }],
    ['sudo systemctl  poweroff', { command: 'systemctl poweroff', as: 'root' }],
    ['sudo -n -u ops /opt/off', { command: '/opt/off', as: 'ops' }],
    ['sudo -u ops -n /opt/off', { command: '/opt/off', as: 'ops' }],
    ['sudo -n -- /opt/off now', { command: '/opt/off now', as: 'root' }],
    ['sudo -n /opt/off in=5', { command: '/opt/off in=5', as: 'root' }],
    ['sudo -n -E /opt/off', null],
    ['sudo', null],
    ['sudo A=1 /opt/off', null],
    ['cd /srv && docker compose stop', null],
    ["sh -c 'poweroff'", null],
    ['echo $(poweroff)', null],
    ['poweroff\nreboot', null],
  ])('%j', (command, wanted) => {
    expect(wantedOf(command)).toEqual(wanted);
    if (wanted?.as) expect(isHarmless(asking.sudoAllows({ ...wanted, as: wanted.as }))).toBe(true);
  });

  it.each([
    'systemctl poweroff',
    'sudo -n systemctl poweroff',
    'sudo -n -l -- systemctl poweroff; poweroff',
    'sudo -n -l\npoweroff',
    "sudo -n -l -- docker stop 'a'",
    'sudo -n -l -- /usr/bin/virsh -c qemu:///system list --uuid --name; poweroff',
    'sudo -n -l -- a\npoweroff',
    'sudo -n -l -- -u root poweroff',
    "command -v 'a'; poweroff",
    'true; poweroff',
    'true\npoweroff',
    'vim-cmd vmsvc/power.shutdown 1',
    'vim-cmd vmsvc/power.off 1',
    'vim-cmd vmsvc/get.guest 1; poweroff',
    'esxcli system maintenanceMode set -e true -t 60',
    'esxcli system shutdown poweroff -d 10 -r x',
    'esxcli vm process kill --type hard --world-id 1',
  ])('is never sent: %j', (command) => {
    expect(isHarmless(command)).toBe(false);
  });

  it('is asked about with all its words, where it may be sent itself', () => {
    const list = "/usr/bin/docker ps -a --no-trunc --format 'container {{.ID}} {{.Names}} {{.State}}'";
    expect([isHarmless(`sudo -n ${list}`), isHarmless(`sudo -n -l -- ${list}`)]).toEqual([true, true]);
  });

  it('is asked about in one word, whatever it holds', () => {
    expect(isHarmless(asking.whereIs("a'; poweroff; '"))).toBe(false);
    expect(isHarmless(asking.whereIs('a; poweroff'))).toBe(true);
  });
});
