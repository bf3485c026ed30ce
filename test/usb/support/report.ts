import type { Reading } from '../../../shared/reading.ts';
import { median } from '../../bench/support/numbers.ts';
import { table } from '../../bench/support/table.ts';
import type { FromGuest } from '../../fakes/usb/guest/protocol.ts';
import type { Compared } from './compare.ts';

export interface Change {
  make: () => void;
  ours: (reading: Reading | undefined) => boolean;
  nut: (variables: Readonly<Record<string, string>>) => boolean;
}

const ms = (value: number) => `${value.toFixed(0)} ms`;

/** The figures of one run, for people. */
export class Report {
  readonly #times: string[][] = [];
  readonly #stages: string[][] = [];
  readonly #latencies: { name: string; ours: number; nut?: number }[] = [];
  #compared = 0;
  #caught = 0;

  async timed(what: string, perform: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await perform();
    this.#times.push([what, ms(performance.now() - started)]);
  }

  stage(name: string, compared: readonly Compared[], took: number | null): void {
    this.#compared += compared.length;
    const agreeing = compared.filter(({ agrees }) => agrees).length;
    this.#stages.push([name, String(compared.length), String(agreeing), took === null ? 'never' : ms(took)]);
  }

  latency(name: string, took: { ours: number; nut?: number }): void {
    this.#latencies.push({ name, ...took });
  }

  caught(count: number): void {
    this.#caught += count;
  }

  text(ready: Extract<FromGuest, { type: 'ready' }> | null): string {
    if (this.#latencies.length === 0) return 'nothing was measured';
    const both = this.#latencies.filter(({ nut }) => nut !== undefined);
    const spread = (name: string, values: readonly number[]) => [
      name,
      ...[Math.min(...values), median(values), Math.max(...values)].map(ms),
    ];
    return [
      `\nLinux ${ready?.kernel}, Node ${ready?.node}, NUT's usbhid-ups; ${this.#compared} values compared, ${this.#caught} of 2 wrong descriptors caught`,
      table([['', 'time'], ...this.#times]),
      table([['stage', 'compared', 'agree', 'all within'], ...this.#stages]),
      table([
        ['from the change', 'ours', 'NUT'],
        ...this.#latencies.map(({ name, ours, nut }) => [name, ms(ours), nut === undefined ? '-' : ms(nut)]),
      ]),
      table([
        [`of ${both.length} changes`, 'shortest', 'median', 'longest'],
        spread(
          'ours',
          both.map(({ ours }) => ours),
        ),
        spread(
          'NUT',
          both.map(({ nut = 0 }) => nut),
        ),
      ]),
    ].join('\n\n');
  }
}
