import type { Absent, Refusal } from '@upkeep/contract/ports'

/** What one kind of store has at a place: the secret, as our launcher fetches it. */
export type StoredNow = { state: 'present'; secret: string } | Absent | Refusal

/** One kind of store on this machine, by places in it. What it answers to a write is not believed: whoever writes looks again. */
export interface SecretStore<Place> {
  look(place: Place): Promise<StoredNow>
  /** Puts a secret where nothing lies. Null where the store took it. */
  put(place: Place, secret: string): Promise<Refusal | null>
  /** Takes away what lies there, as long as `isOurs` says so of it. */
  remove(place: Place, isOurs: (secret: string) => boolean): Promise<Refusal | null>
}

/** The machine as far as stores of secrets need to know it. */
export interface StoreMachine {
  readonly platform: string
  readonly home: string
  readonly env: NodeJS.ProcessEnv
}
