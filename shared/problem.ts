/** Something wrong with a sequence or the inventory, found before it matters. Located, with what to do. */
export interface Problem {
  /** `error`: it cannot be armed like this. `warning`: it can, and the user should know. */
  severity: 'error' | 'warning';
  /** Stage and step that it is about; null when it is about the whole. */
  stageId: string | null;
  stepId: string | null;
  what: string;
  remedy: string;
}
