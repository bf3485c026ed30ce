import type { SystemUps } from './system-ups.ts';

/** ` -Back-UPS ES 700G (id=32702464)	100%; AC attached; not charging present: true` */
const line = /^\s*-(.+?)\s*\(id=(\d+)\)\s*(\d{1,3})%;\s*([^;]*?)(?:\s+present: \w+)?\s*(?:;\s*(.*))?$/;

/**
 * The UPSes in what `pmset -g batt` prints on macOS. The computer's own battery is none. Not verified on hardware.
 * @see https://keith.github.io/xcode-man-pages/pmset.1.html
 */
export function parsePmset(text: string): SystemUps[] {
  return text.split('\n').flatMap((row) => {
    const match = line.exec(row);
    if (!match) return [];
    const [, name = '', key = '', percent, state = '', rest = ''] = match;
    if (name.startsWith('InternalBattery')) return [];
    const discharging = state === 'discharging';
    const known = discharging || /^(charging|charged|finishing charge|AC attached)$/.test(state);
    return [
      {
        // APC puts its firmware into the product's name.
        name: (name.split(/\s+FW:/)[0] ?? '').slice(0, 150),
        key: key.slice(0, 40),
        acPresent: known ? !discharging : null,
        charging: known ? state === 'charging' || state === 'finishing charge' : null,
        discharging: known ? discharging : null,
        charge: Math.min(100, Number(percent)),
        // While it charges this is the time to full.
        runtime: discharging ? remaining(rest) : null,
      },
    ];
  });
}

/** "0:53 remaining", seconds. 0:00 is no estimate. */
function remaining(text: string): number | null {
  const match = /^(\d{1,3}):(\d{2}) remaining/.exec(text);
  if (!match) return null;
  return (Number(match[1]) * 60 + Number(match[2])) * 60 || null;
}
