// Lines of our own stand out from those of npm, apt and the tests. Standard output belongs to what a verb prints.
export const say = (line) => console.error(`glidepath: ${line}`);

/** A reason to stop that the user can act on: shown without a stack. */
export class Stop extends Error {}
