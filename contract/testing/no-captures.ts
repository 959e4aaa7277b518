import type { CapturesPort } from '../ports.ts'

/** A world in which no copy of a file is kept. */
export const noCaptures: CapturesPort = { read: () => ({ state: 'absent' }) }
