/** What an operating system says of a UPS that it manages itself. Null: it does not say. */
export interface SystemUps {
  name: string;
  acPresent: boolean | null;
  charging: boolean | null;
  discharging: boolean | null;
  /** Percent. */
  charge: number | null;
  /** Seconds. */
  runtime: number | null;
}
