import { randomBytes } from 'node:crypto'
import type { AskedSignIn } from './provider.ts'
import type { SignInProblem } from './session-shown.ts'
import { digest } from './sessions.ts'

/** Somebody who is at the provider, or came back with nothing. */
export type SignInStand =
  | { readonly state: 'asked'; readonly asked: AskedSignIn; readonly redirectUri: string; readonly page: string }
  /** What they are told, in the browser that they tried with and nowhere else. */
  | { readonly state: 'failed'; readonly problem: SignInProblem }

/** Sign-ins that are under way, each bound to the browser that began it by a secret of its own. Good once, within ten minutes. */
export interface AskedSignIns {
  keep(stand: SignInStand): string
  /** Takes what was asked out: what comes back a second time finds nothing. */
  take(secret: string | null): Extract<SignInStand, { state: 'asked' }> | null
  problemOf(secret: string | null): SignInProblem | null
  readonly seconds: number
}

const minutes = 10
const most = 2_000

export function askedSignIns(now: () => number = Date.now): AskedSignIns {
  const stands = new Map<string, { stand: SignInStand; until: number }>()
  function standOf(secret: string | null): SignInStand | null {
    const found = secret === null ? undefined : stands.get(digest(secret))
    return found === undefined || found.until <= now() ? null : found.stand
  }
  return {
    seconds: minutes * 60,
    keep(stand) {
      const at = now()
      for (const [id, { until }] of stands) if (until <= at || stands.size >= most) stands.delete(id)
      const secret = randomBytes(32).toString('base64url')
      stands.set(digest(secret), { stand, until: at + minutes * 60_000 })
      return secret
    },
    take(secret) {
      const stand = standOf(secret)
      if (secret === null || stand?.state !== 'asked') return null
      stands.delete(digest(secret))
      return stand
    },
    problemOf(secret) {
      const stand = standOf(secret)
      return stand?.state === 'failed' ? stand.problem : null
    },
  }
}
