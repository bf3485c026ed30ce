/** Joins class names; a CSS module may not know one, which the compiler cannot tell. */
export const cx = (...names: (string | false | null | undefined)[]): string => names.filter(Boolean).join(' ');
