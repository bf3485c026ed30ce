/** Of this computer's clock and zone: "2024-03-31 14:05:09". Input in ms since the epoch. */
export function timeOfDay(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
