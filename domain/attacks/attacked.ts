import type { HttpResponse, Refusal } from '@upkeep/contract/ports'
import type { ServerProbeAttempt, ServerReply } from '@upkeep/contract/server-probe'

type Forged = {
  token?: 'none' | 'foreign-audience' | 'expired' | 'in-address' | undefined
  session?: 'guessed' | 'ended' | 'of-another' | undefined
  headers?: Readonly<Record<string, string>> | undefined
  padding?: number | undefined
}

/** A request that is not as a client would send it. */
export interface ForgedRequest extends Forged {
  method?: string
  body?: string
}

/** The HTTP side of a server. */
export interface Front {
  send(request: ForgedRequest): Promise<HttpResponse | Refusal>
  /** Which tokens of other kinds are at hand, and whether a token is asked for at all. */
  has: { token: boolean; 'foreign-audience': boolean; expired: boolean; 'of-another': boolean; session: boolean }
}

/** A running server as an attack meets it: in an open conversation, with the places and canaries that were laid for it. */
export interface Attacked {
  rpc(method: string, params?: object, timeoutMs?: number): Promise<ServerReply>
  /** Sends a notification. */
  notify(method: string, params: object): Promise<void>
  /** Null for a server that is talked to over standard input. */
  front: Front | null
  /** What stands for each place in a value: `{inside}` and the like. */
  places: Readonly<Record<'inside' | 'outside' | 'root' | 'link' | 'sink' | 'written', string>>
  /** Ends it, and says what is left to see. */
  end(): Promise<Aftermath>
}

/** What a server left. */
export interface Aftermath {
  /** All that it said of its own accord or in answer. */
  said: readonly string[]
  /** What it wrote to its log. */
  log: string
  /** Whether the file outside its folder was written; null where nobody could look. */
  written: boolean | null
  /** How often it called the sink of its own accord; null where there is none. */
  calledSink: number | null
}

export const canaries = {
  inside: 'upkeep-inside',
  outside: 'upkeep-canary-outside',
  environment: 'upkeep-canary-environment',
  sink: 'upkeep-canary-sink',
  secret: 'upkeep-canary-bearer-7f3a9c',
} as const

export type Attempt = ServerProbeAttempt

/** An attempt without a transcript: the one who makes the attack adds it. */
export const prevented = (detail: string) => ({ outcome: 'held' as const, detail })
export const missed = (detail: string) => ({ outcome: 'broken' as const, detail })
export const nothingToTry = (detail: string) => ({ outcome: 'not-applicable' as const, detail })
export const notShown = (detail: string) => ({ outcome: 'inconclusive' as const, detail })
export type Judged = ReturnType<typeof prevented | typeof missed | typeof nothingToTry | typeof notShown>
