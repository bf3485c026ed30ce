/** Ends a switch over a closed union: the compiler proves that it is never reached, the reason tells which union grew. */
export function assertNever(value: never, reason: string): never {
  throw new Error(`${reason}: ${JSON.stringify(value)}`);
}
