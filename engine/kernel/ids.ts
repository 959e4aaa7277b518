import { randomUUID } from 'node:crypto'

/**
 * A new id: a UUID of version 7 (RFC 9562), so that ids sort by the time they were made. `at` is the clock's now; the other 74 bits are
 * random.
 */
export function newId(at: string): string {
  const time = Math.max(0, Date.parse(at)).toString(16).padStart(12, '0')
  // A random one of version 4 has its variant and its random bits in the same places.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
