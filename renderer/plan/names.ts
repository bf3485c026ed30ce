/** As shared/id.ts wants the names of plans, stages and messages. */
export const isName = (text: string): boolean => {
  const name = text.trim();
  return name.length > 0 && name.length <= 100 && /^[^\p{Cc}]+$/u.test(name);
};

export const badName = 'A name is one line of 1 to 100 characters.';
