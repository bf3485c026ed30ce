/** "41 min", "50 s", "2 h 5 min": a length of time for people, from seconds. */
export function lengthText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "1:24": a countdown, from seconds. */
export function countdownText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** "1 step", "3 steps". */
export function countText(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** "NAS, ESX 1 and 3 more": names, at most `most` of them. */
export function namesText(names: readonly string[], most: number): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Joins sentences, each with one full stop; empty ones are left out. */
export function sentencesText(...sentences: readonly string[]): string {
  const said = sentences.map((each) => each.trim()).filter((each) => each !== '');
  return said.map((each) => (/[.!?…]$/.test(each) ? each : `${each}.`)).join(' ');
}
