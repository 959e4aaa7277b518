import { randomBytes, timingSafeEqual } from 'node:crypto'
import { digest } from './sessions.ts'

const linkMinutes = 10

/** A link that opens once and soon expires. Making another one ends that of before. */
export interface OneTimeLink {
  make(origin: string): string
  /** True for the one that is open, which then no longer is. */
  open(secret: unknown): boolean
}

export function oneTimeLink(now: () => number = Date.now): OneTimeLink {
  let open: { digest: string; until: number } | null = null
  return {
    make(origin) {
      const secret = randomBytes(32).toString('base64url')
      open = { digest: digest(secret), until: now() + linkMinutes * 60_000 }
      return `${origin}/enter?link=${secret}`
    },
    open(secret) {
      if (typeof secret !== 'string' || open === null || open.until <= now()) return false
      if (!timingSafeEqual(Buffer.from(digest(secret)), Buffer.from(open.digest))) return false
      open = null
      return true
    },
  }
}
