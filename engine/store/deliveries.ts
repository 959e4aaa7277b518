/**
 * How far a delivery is. `due`: to be sent at `nextAt`, or again then. `held`: the same, and not before. `for-digest`: said with others at
 * `nextAt`. `in-digest`: said in `digest`. `failed`: given up. `not-sent`: never to be, and `why` says so.
 */
export type DeliveryState = 'due' | 'held' | 'for-digest' | 'in-digest' | 'delivered' | 'failed' | 'not-sent'

/** One message to one recipient. `id` goes with the message, so that whoever gets it twice can tell. */
export interface Delivery {
  readonly id: string
  readonly at: string
  readonly channel: string
  /** By which kind of channel: `mail`, `webhook`, `slack` … */
  readonly via: string
  /** To whom, as it may be shown: an address of mail, a host. Never a secret. */
  readonly recipient: string
  readonly event: string
  readonly thread: string
  /** Whether it opens its thread: until something closes it, the same is not told there again. */
  readonly opens: boolean
  readonly title: string
  readonly state: DeliveryState
  /** Why it waits, was not sent or could not be; else what was answered. */
  readonly why: string
  /** How often it was begun to be sent, counted before. */
  readonly attempts: number
  readonly nextAt: string | null
  readonly endedAt: string | null
  readonly digest: string | null
  /** What is sent, as JSON. */
  readonly body: string
}

/** What became of one attempt. */
export interface DeliveryEnd {
  readonly state: 'due' | 'delivered' | 'failed'
  readonly why: string
  readonly nextAt: string | null
}

/** The log of what is told, which is also what waits to be told. Kept for half a year after its end. */
export interface Deliveries {
  /**
   * Adds it. With `once`, one that opens a thread which the same channel opened for the same recipient with the same event, and nobody closed, is
   * kept as `not-sent` and comes back so.
   */
  add(delivery: Delivery, options?: { once: boolean }): Promise<Delivery>
  /**
   * Takes what is due by these kinds of channel for itself until a moment, after which another may: whoever dies in between loses nothing. Counts
   * the attempt.
   */
  claim(request: { now: string; until: string; via: readonly string[]; id?: string }): Promise<Delivery[]>
  end(id: string, end: DeliveryEnd & { at: string }): Promise<void>
  /** What a channel keeps for its digest and is to say by now. */
  forDigest(now: string): Promise<Delivery[]>
  /** They are said in this one. */
  gather(ids: readonly string[], digest: string, at: string): Promise<void>
  /** Threads that were opened and not closed, with what opened each. */
  open(): Promise<Delivery[]>
  closeThread(thread: string): Promise<void>
  /** The newest first. */
  list(options?: { channel?: string; limit?: number }): Promise<Delivery[]>
  /** Of each channel and recipient the newest that was tried and has an end, or failed and is tried again. */
  latest(): Promise<Delivery[]>
  /**
   * What was given up, and may be known to nobody: no later message of the same matter arrived there, and nobody said that they saw it. The newest first;
   * kept as long as that is so. Tests, signs of life and tickets, which are opened anew, are not among them.
   */
  lost(): Promise<Delivery[]>
  /** Somebody saw that these were given up. */
  see(ids: readonly string[], by: { person: string; at: string }): Promise<void>
  /** How many wait, by channel. */
  waiting(): Promise<Map<string, number>>
}
