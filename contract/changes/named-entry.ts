import { z } from 'zod'

/** Which entry of which client's file. `project` is left out where the entry is nobody's but the file's. */
export const namedEntry = { path: z.string(), server: z.string(), project: z.string().nullable().optional() }
