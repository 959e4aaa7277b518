import type { Refusal, ToolSurface } from '@upkeep/contract'
import type { McpAnswer } from './mcp-message.ts'

/** What went over a channel, for saying why an answer did not come. */
export interface Traffic {
  /** More came than the bound allows. */
  readonly flooded: boolean
  /** The time for looking is up. */
  readonly expired: boolean
  /** HTTP status of the last answer; null where none came or the channel has none. */
  readonly lastStatus: number | null
  /** What kept the last answer away. */
  readonly failure: Refusal | null
  /** Milliseconds until the time for looking is up; at least 1. */
  readonly remainingMs: number
}

/** A way to ask a server and to have its answers, whatever the transport. Nothing here throws. */
export interface McpChannel {
  readonly transport: ToolSurface['transport']
  /** Whether several requests may be under way at once. */
  readonly overlaps: boolean
  readonly traffic: Traffic
  request(method: string, params: object, timeoutMs: number): Promise<McpAnswer>
  notify(method: string): Promise<void>
  /** Names the protocol version to the server from now on, where the transport has a place for it. */
  speaks(version: string): void
  /** Ends the conversation at the server too, where it has sessions. */
  end(): Promise<void>
}
