import type { TicketMessage, TicketMove } from '@upkeep/contract/ticket'

/** A ticket as its tracker knows it. `ref` is what its API calls it by, `key` what people do; `url` is null where no address on the tracker's host is known. */
export interface TicketRef {
  readonly ref: string
  readonly key: string
  readonly url: string | null
}

/** What was read of a ticket. `gone`: it is not there, or not shown to this token. Words are as they were found, bounded. */
export type TicketThere =
  | { readonly is: 'gone' }
  | {
      readonly is: 'open' | 'closed'
      /** The state in the tracker's words. */
      readonly status: string
      /** Who closed it; null where it is open, or not said. */
      readonly closedBy: string | null
      /** Null where it could not be counted. */
      readonly comments: number | null
    }

/** One tracker. Each method throws `TrackerRefused` where it did not get what it asked for. */
export interface Tracker {
  /** The ticket of a change that is there already; null where there is none. */
  find(change: string, since: string): Promise<TicketRef | null>
  open(message: TicketMessage): Promise<TicketRef>
  read(ref: string): Promise<TicketThere>
  /** Whether a comment with this sign is there. */
  holds(ref: string, mark: string): Promise<boolean>
  comment(ref: string, message: TicketMessage, mark: string): Promise<void>
  /** Brings it to where it is to be, and says what came of it; that there is no way there is an answer, and no refusal. */
  move(ref: string, to: Exclude<TicketMove, 'stay'>): Promise<string>
}
