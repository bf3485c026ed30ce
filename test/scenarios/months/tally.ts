/** What has happened, and what came of it. */
export interface Tally {
  hours: number;
  /** Of these the hours that the engine has really gone through, second by second. */
  watched: number;
  /** How often each thing has happened. */
  happened: Record<string, number>;
  runs: number;
  /** Hosts that were on when the battery was empty. */
  cutHard: number;
  /** Runs that should not have been, and outages in which the run came too late: one sentence each. */
  wrong: string[];
  missed: string[];
}

export const emptyTally = (): Tally => ({
  hours: 0,
  watched: 0,
  happened: {},
  runs: 0,
  cutHard: 0,
  wrong: [],
  missed: [],
});
