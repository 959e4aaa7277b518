/** The ticket of one change, as far as it is known here. What is told of it goes through the deliveries. */
export interface Ticket {
  readonly change: string
  /** The tracker by its name in `upkeep.yaml`, and of which kind it was. */
  readonly tracker: string
  readonly via: string
  /** The delivery that opens it. */
  readonly opening: string
  /** How many steps of the change, but for what was told of it, its tracker was or is being told. */
  readonly told: number
  /** What its tracker calls it; null until it is known to be there. */
  readonly ref: string | null
  readonly key: string | null
  readonly url: string | null
  /** How it was last seen there; null before. `gone`: not there, or not shown to us. */
  readonly state: 'open' | 'closed' | 'gone' | null
  readonly status: string | null
  readonly closedBy: string | null
  readonly comments: number | null
  /** When it was last read, and why the last attempt to came to nothing; empty where it did not. */
  readonly seenAt: string | null
  readonly why: string
  /** What of it was sealed last with its change; empty before. */
  readonly sealed: string
}

/** What is known of a ticket that is still to be opened. */
export const unopened = {
  ref: null,
  key: null,
  url: null,
  state: null,
  status: null,
  closedBy: null,
  comments: null,
  seenAt: null,
  why: '',
  sealed: '',
} as const satisfies Partial<Ticket>

/** Tickets: one for each change at most. No record: what becomes of a ticket decides nothing. */
export interface Tickets {
  get(change: string): Promise<Ticket | null>
  /** The newest change first. */
  list(): Promise<Ticket[]>
  /** Changes that went on since their tickets were last told: those whose steps, but for what was told of them, are more than `told`. */
  behind(): Promise<string[]>
  put(ticket: Ticket): Promise<void>
  /** Changes some of what is known of one that is there. */
  update(change: string, what: Partial<Omit<Ticket, 'change'>>): Promise<void>
}
