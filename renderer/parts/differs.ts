/** Whether a form says something else than it did: of plain values, lists and objects of a fixed shape. */
export const differs = (one: object, other: object): boolean => JSON.stringify(one) !== JSON.stringify(other);
