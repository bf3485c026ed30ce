/** Whether who starts Glidepath with these words wants its window. A login item does not, nor one that starts it once more. */
export const wantsWindow = (words: readonly string[]): boolean => !words.includes('--hidden');
