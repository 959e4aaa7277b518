import type { Role } from '@upkeep/contract'
import type { StoredToken } from '@upkeep/engine/store/tokens'
import type { Machine } from '../../operations/context.ts'

/** Where a thread finds the installation that it works on. */
export interface Workplace {
  readonly machine: Machine
  readonly configPath: string | undefined
  /** The practice fleet that the process around it built. */
  readonly practice: boolean
}

/** What a thread is given. */
export interface ThreadPlace extends Workplace {
  /** It answers questions, again and again: what it read of the state it keeps. */
  readonly reads: boolean
}

/** In whose name an operation is called from elsewhere. */
export interface Caller {
  readonly person: string
  readonly roles: readonly Role[]
  /** A program and no person: it decides nothing, whatever roles it has. */
  readonly agent: boolean
  /** The page of a browser that asks, such as `http://localhost:7420`; left out for a program, which has no passkeys. */
  readonly page?: string | null
}

/** Which part of a list is wanted. */
export interface PageAsked {
  readonly offset: number
  readonly count: number
  /** Only rows that hold this text somewhere. */
  readonly search: string | null
  /** A property of the rows, by its path with dots; with a minus in front, the other way round. */
  readonly sort: string | null
}

/** One call of an operation. */
export interface Call {
  readonly operation: string
  readonly effect: 'read' | 'write'
  readonly input: unknown
  readonly caller: Caller
  readonly page: PageAsked | null
  /** The tag of what the caller has already. */
  readonly known: string | null
  /** The caller's own name for this write: again is the same write. */
  readonly key: string | null
  /** The signature that was asked for when this was asked before; left out where none is given. */
  readonly assertion?: string | null
}

/** What went wrong, in words that may be shown. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly means: string
  readonly action: string
  /** With `signature-needed`. */
  readonly signature?: SignatureAsked
}

/** What is to be signed with a passkey. */
export interface SignatureAsked {
  /** What the person decides about, for reading. */
  readonly shown: string
  /** The text that is signed, and its SHA-256, base64url: the challenge. */
  readonly statement: string
  readonly challenge: string
  /** The passkeys that may sign it, as enrolled. */
  readonly keys: readonly string[]
}

export type CallAnswer =
  | {
      readonly state: 'answered'
      /** JSON, as published. */
      readonly body: string
      readonly tag: string | null
      readonly outcome: Outcome
      readonly replayed: boolean
      /** Of a question whose answer may be kept: what it was answered from. It holds for as long as the desk says the same. */
      readonly stand?: string
    }
  | NotModified
  | Failed

/** The answer to a question as the bytes that go out. */
export type Finished =
  | {
      readonly state: 'answered'
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly tag: string
      readonly outcome: Outcome
      /** Null where nobody may keep it. */
      readonly stand: string | null
    }
  | NotModified
  | Failed

type Outcome = 'findings' | 'not-evaluated' | null

interface NotModified {
  readonly state: 'not-modified'
  readonly tag: string
}

interface Failed {
  readonly state: 'failed'
  readonly problem: Problem
}

export type ToThread =
  | { readonly say: 'call'; readonly id: number; readonly call: Call }
  /** A question that is to be answered by bytes. */
  | { readonly say: 'ask'; readonly id: number; readonly call: Call }
  | { readonly say: 'stand'; readonly id: number }
  | { readonly say: 'duties'; readonly id: number }
  | { readonly say: 'file'; readonly id: number; readonly call: Call; readonly file: string }
  | { readonly say: 'stop'; readonly id: number }
  | { readonly say: 'version'; readonly id: number }
  | { readonly say: 'token'; readonly id: number; readonly digest: string }
  | { readonly say: 'used'; readonly name: string; readonly at: string }
  | { readonly say: 'forget' }
  | { readonly say: 'end' }

export type FromThread =
  | { readonly say: 'ready' }
  | { readonly say: 'progress' | 'tell'; readonly id: number; readonly text: string }
  | { readonly say: 'version'; readonly id: number; readonly version: string }
  | { readonly say: 'stand'; readonly id: number; readonly stand: string | null }
  | { readonly say: 'finished'; readonly id: number; readonly answer: Finished }
  | { readonly say: 'token'; readonly id: number; readonly token: StoredToken | null }
  | { readonly say: 'answer'; readonly id: number; readonly answer: CallAnswer }
