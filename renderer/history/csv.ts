import type { HistoryPoint } from '../../shared/history.ts';

const columns = 'time,on_battery,charge_percent,runtime_s,load_percent,input_volts';

/** As any spreadsheet reads it: times in UTC, empty where nothing is known. */
export function historyCsv(points: readonly HistoryPoint[]): string {
  const cell = (value: number | null) => (value === null ? '' : String(value));
  const lines = points.map((point) =>
    [
      new Date(point.at).toISOString(),
      point.onBattery ? '1' : '0',
      cell(point.charge),
      cell(point.runtime),
      cell(point.load),
      cell(point.inputVoltage),
    ].join(','),
  );
  return `${[columns, ...lines].join('\r\n')}\r\n`;
}
