/** What an operating system says of a UPS that it manages itself. Null: it does not say. */
export interface SystemUps {
  name: string;
  /** What the system tells it from others by, while it is plugged in; empty: nothing. */
  key: string;
  acPresent: boolean | null;
  charging: boolean | null;
  discharging: boolean | null;
  /** Percent. */
  charge: number | null;
  /** Seconds. */
  runtime: number | null;
}
