import { z } from 'zod';

/** Ids that we mint or that stand in files: safe in file names, in shell words and in journals. */
export const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and "-", 64 at most');

/** A name for people: one line, no control characters. */
export const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'must be one line without control characters');
