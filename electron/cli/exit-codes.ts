/** What the command line ends with, as `--help` says. */
export const exitCodes = {
  well: 0,
  /** Something went wrong, or what was asked about is not as it should be. */
  fault: 1,
  notUnderstood: 2,
  /** `status`: no Glidepath controls the folder. */
  nobody: 3,
} as const;
