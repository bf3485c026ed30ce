import type { HistoryPoint } from '../../../shared/history.ts';

const minute = 60_000;
const outage = { from: 316 * minute, to: 310 * minute };
const away = { from: 11 * 60 * minute, to: 9 * 60 * minute };

/** Points as the store gives them: an outage some hours ago, and before it two hours of which nothing is known. */
export function historyPoints(from: number, to: number): HistoryPoint[] {
  const now = Date.now();
  const step = Math.ceil((to - from) / 800);
  const points: HistoryPoint[] = [];
  for (let at = from, index = 0; at < Math.min(to, now); at += step, index += 1) {
    const ago = now - at;
    if (ago < away.from && ago > away.to) continue;
    // While nothing changes a point is kept every 5 min only.
    if (ago > 16 * 60 * minute && step < 5 * minute && index % Math.floor((5 * minute) / step) > 0) continue;
    const onBattery = ago < outage.from + step && ago > outage.to;
    const since = outage.to - ago;
    const charge = onBattery ? 91 : since > 0 && since < 90 * minute ? 84 + (14 * since) / (90 * minute) : 98;
    const wave = Math.sin(at / (47 * minute)) * 4 + Math.sin(at / (7 * minute)) * 2;
    points.push({
      at,
      onBattery,
      charge,
      runtime: charge * 25,
      load: 34 + wave,
      inputVoltage: onBattery ? 0 : 231 + wave / 3,
    });
  }
  return points;
}
