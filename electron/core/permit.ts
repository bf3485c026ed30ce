/** Whether steps may go on. */
export interface Permit {
  /** Why nothing more may be begun; null: it may. What was sent is followed to its end all the same. */
  refusal(): string | null;
  /** Steps stop where they are, to be taken up later. */
  isHalted(): boolean;
  /** Calls when one of the two may have changed. Returns the function that ends the subscription. */
  onChange(call: () => void): () => void;
}
