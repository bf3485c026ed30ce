/** The authored step that a compiled one comes from: `off` of `off.web-1`. */
export function originOf(stepId: string): string {
  const dot = stepId.indexOf('.');
  return dot === -1 ? stepId : stepId.slice(0, dot);
}

/**
 * Between steps that came from one authored step, `needs` is order only: the next one begins when the one before has
 * ended in whatever way. Otherwise one host that hangs would leave all that come after it to be cut hard.
 */
export function isOrderOnly(stepId: string, need: string): boolean {
  return originOf(stepId) === originOf(need);
}
