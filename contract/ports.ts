import type { GoldenCall, ReplayedCall } from './golden-calls.ts'
import type { Era, ToolSurface } from './observations/tool-surface.ts'
import type { Refusal } from './refusal.ts'
import type { SandboxPort } from './sandbox.ts'

export type { Refusal } from './refusal.ts'

export interface Absent {
  state: 'absent'
}

/** What the file system says of a path. Times are nanoseconds since the epoch. */
export interface FileFacts {
  state: 'present'
  type: 'file' | 'folder' | 'link' | 'other'
  size: number
  mode: number
  uid: number
  gid: number
  inode: bigint
  device: bigint
  modifiedNs: bigint
  changedNs: bigint
}

/** Digest over every byte below a folder, and what could not be read. */
export interface TreeDigest {
  state: 'present'
  digest: string
  files: number
  bytes: number
  problems: readonly string[]
}

/** Reads files; writes none. Never blocks on a FIFO or device, never follows a loop, never reads past a bound. Synchronous: local files. */
export interface FilesPort {
  /** The facts of the path itself; a symbolic link is not followed. */
  inspect(path: string): FileFacts | Absent | Refusal
  /** The path that symbolic links lead to. */
  resolve(path: string): { state: 'present'; path: string } | Absent | Refusal
  /** Where a symbolic link says that it leads, which need not be a path: `socket:[12]`. `not-a-file` where it is none. */
  readLink(path: string): { state: 'present'; text: string } | Absent | Refusal
  /** Bytes of a regular file (links followed), at most `maxBytes`: more is `too-large`. Changed while read: `changed-while-reading`. */
  read(path: string, maxBytes: number): { state: 'present'; bytes: Uint8Array; facts: FileFacts } | Absent | Refusal
  /** Names in a folder, sorted; at most `maxEntries`. */
  list(path: string, maxEntries: number): { state: 'present'; names: string[]; truncated: boolean } | Absent | Refusal
  /** SHA-256 over relative paths, types, executable bits and bytes below `root` (or of one file), leaving out what `except` names by its path relative to `root`. Cached by stat facts. */
  digestTree(
    root: string,
    options: { except: readonly string[]; maxFiles: number; maxBytes: number },
  ): TreeDigest | Absent | Refusal
  /** The user's name for a numeric id, from the machine's own list; null when it is not there. */
  userName(uid: number): string | null
}

/** A bounded HTTP exchange. Headers are lower-case; `body` is cut at `maxBytes` and `truncated` says so. Redirects are not followed. */
export interface HttpRequest {
  url: string
  method: string
  headers?: Readonly<Record<string, string>>
  body?: string
  timeoutMs: number
  maxBytes: number
  /** For an event stream: stop at the first event that carries data. */
  firstEventOnly?: boolean
}
export interface HttpResponse {
  state: 'answered'
  status: number
  headers: Readonly<Record<string, string>>
  body: string
  truncated: boolean
  milliseconds: number
}
export interface HttpPort {
  /** `headers` may name `host` and `origin`: they go over the wire as given. Only http and https. */
  exchange(request: HttpRequest): Promise<HttpResponse | Refusal>
}

/** Connects to a server, lists what it offers, disconnects. Only `replay` calls anything. */
export interface McpPort {
  look(target: McpTarget): Promise<McpLook | Refusal>
  /** Lists over a program that is running already; whoever started it ends it. `lists`: how often the tools are listed, 1 when not said. */
  capture(
    program: LineDuplex,
    options: { eras: readonly Era[]; timeoutMs: number; maxBytes: number; lists?: number },
  ): Promise<{ state: 'answered'; surface: ToolSurface } | Refusal>
  /** Makes calls on a program that runs in the sandbox, each `times` times and for `callMs` at most, and lists what it offers. */
  replay(
    program: LineDuplex,
    calls: readonly GoldenCall[],
    options: { eras: readonly Era[]; timeoutMs: number; maxBytes: number; times: number; callMs: number },
  ): Promise<{ state: 'answered'; surface: ToolSurface; replayed: readonly ReplayedCall[] } | Refusal>
}
export interface McpTarget {
  url: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
  maxBytes: number
  /** How often the tools are listed in the one conversation: 1 when not said. */
  lists?: number
}
export interface McpLook {
  state: 'answered'
  facts: import('./observations/endpoint.ts').Endpoint
  surface: ToolSurface | Refusal
}

/** A running program that is talked to line by line, as `SandboxedProcess` is. */
export interface LineDuplex {
  /** Writes one line (without its newline). False once it is not taken any more. */
  send(line: string): boolean
  /** Lines that come back, each bounded. Ends when no more will come. */
  lines(): AsyncIterable<string>
}

/** Keyed hashing with this installation's key: the only way a secret's text may leave a mark. */
export interface SecretsPort {
  /** HMAC-SHA-256 of the text, first 16 hex digits. */
  fingerprint(text: string): string
  /**
   * Resolves a reference that the owner gave, such as `env:NAME` or `file:/path`, or `typed:` with the keyed hash of what a person typed for a
   * change that is not made yet. Null when it leads nowhere.
   */
  resolve(reference: string): string | null
  /** The token that a person logged in for with exactly this address; null for every other address. */
  tokenFor(url: string): string | null
}

/** Looks things up in the feeds that are in place. The index lies on disk; a feed that changed is read again first. */
export interface IntelPort {
  lookUp(call: IntelCall): Promise<IntelLook | Refusal>
}
export interface IntelCall {
  feeds: readonly FeedPlace[]
  packages: readonly { ecosystem: string; name: string }[]
  /** Hosts that the fleet talks to, looked for among indicators. */
  hosts: readonly string[]
  /** True where the owner allows the network: only then a feed that is a service is asked. */
  online: boolean
  at: string
  signal: { readonly aborted: boolean }
}
/** A feed as the owner or the product put it in place: where it is, and what is expected of it. */
export interface FeedPlace {
  path: string
  maxAgeDays?: number | undefined
  sha256?: string | undefined
  /** The public key, a line of a `.pub` file, that must have signed it. */
  key?: string | undefined
}
export interface IntelLook {
  state: 'answered'
  facts: import('./observations/advisories.ts').Advisories
}

/**
 * Remembers what was worked out from bytes, by a key that is a digest of them and of how. Never a source of truth: what is not there is
 * worked out again.
 */
export interface MemoryPort {
  recall(key: string): string | null
  remember(key: string, value: string): void
}

/** An answer that a service gave, as it is kept. `text` is what was made of it, not what came. */
export interface KeptAnswer {
  /** By which the service can say that nothing changed; null where it gives none. */
  etag: string | null
  /** When the service last gave it, or said that it still holds. */
  at: string
  text: string
}

/** Answers that services gave in earlier rounds, by what was asked. Kept on this machine, each with its day; one that is damaged is gone. */
export interface AnswersPort {
  recall(question: string): KeptAnswer | null
  keep(question: string, answer: KeptAnswer): void
}

/** Unpacks what was read into memory. Never past a bound, never onto a disk; what is not compressed comes back as it is. */
export interface ArchivesPort {
  /** Out of gzip or zstd, told by the first bytes. More than `maxBytes`: `too-large`; damaged or cut off: `malformed`. */
  unpack(bytes: Uint8Array, maxBytes: number): { state: 'present'; bytes: Uint8Array } | Refusal
  /** SHA-256 as hex digits. */
  sha256(bytes: Uint8Array): string
  /** The architecture of this machine, by the name that images use. */
  architecture: 'amd64' | 'arm64'
}

/** What a TLS connection was agreed on, and what its certificate says. */
export type TlsFacts = NonNullable<import('./observations/endpoint.ts').Endpoint['tls']>

/** Agrees on TLS with an https address, and sends nothing over it. A certificate that does not hold is a fact, not a refusal. */
export interface TlsPort {
  /** `old`: nothing newer than TLS 1.1 is offered. `not-supported` where this machine's own library cannot offer that. */
  handshake(call: {
    url: string
    offer: 'usual' | 'old'
    timeoutMs: number
  }): Promise<{ state: 'agreed'; facts: TlsFacts } | Refusal>
}

/** Looks at what is appended to a log file that the owner named. */
export interface LogsPort {
  /** From the file's end as it is now; a file that is not there yet begins at its start. */
  watch(path: string): Promise<LogWatch | Refusal>
}
export interface LogWatch {
  state: 'watching'
  /** Waits until a line holds one of the texts, whatever their case. A file that was replaced is read from its start. */
  appeared(
    texts: readonly string[],
    withinMs: number,
  ): Promise<{ state: 'appeared'; afterMs: number } | { state: 'not-appeared' } | Refusal>
}

/** Where configuration is looked for: the homes and projects of this installation. */
export interface PlacesPort {
  list(): readonly import('./place.ts').Place[]
  /** The words by which a client starts this very product. */
  ownProgram(): readonly string[]
  /** The folder of archives that are kept by their digests. */
  keptObjects(): string
}

/** Asks gateways that their owner listed which servers they have, and no other address. Changes nothing. */
export interface GatewaysPort {
  /**
   * What the gateway has that is asked at this address, as one text in the form of a client's file, secrets and all. `not-configured` where
   * none is listed there, or its token leads nowhere.
   */
  read(address: string): Promise<{ state: 'present'; text: string } | Refusal>
}

/** Looks into the stores where people keep secrets: the keyring of the system, 1Password, HashiCorp Vault. Puts nothing there. */
export interface SecretStoresPort {
  /**
   * What a store has at a reference (`keyring://service#account`, `op://vault/item/field`, `vault://path#field`): the keyed hash of the secret,
   * as our launcher would fetch it. `not-configured` where there is no such store on this machine, or nobody is signed in to it.
   */
  look(reference: string): Promise<{ state: 'present'; fingerprint: string } | Absent | Refusal>
  /** The stores that this machine seems to have, by what is installed and set; none of them is asked. */
  installed(): readonly SecretStoreKind[]
}
export type SecretStoreKind = 'keyring' | '1password' | 'vault'

/** Copies of clients' files that were kept, encrypted, in the state of this installation. */
export interface CapturesPort {
  /** The bytes under which change or baseline, by the name that it kept them under. Altered, or without its key: a refusal. */
  read(of: string, name: string): { state: 'present'; bytes: Uint8Array } | Absent | Refusal
}

/** What this machine says of itself. */
export interface MachinePort {
  /** Its own addresses that are not loopback, as they stand in a URL. */
  addresses(): readonly string[]
}

/** The ports by name: what a unit may declare in `reaches`, and all it is then given. */
export interface Ports {
  files: FilesPort
  http: HttpPort
  mcp: McpPort
  secrets: SecretsPort
  memory: MemoryPort
  intel: IntelPort
  sandbox: SandboxPort
  answers: AnswersPort
  archives: ArchivesPort
  tls: TlsPort
  logs: LogsPort
  machine: MachinePort
  places: PlacesPort
  gateways: GatewaysPort
  captures: CapturesPort
  secretStores: SecretStoresPort
}
export type PortName = keyof Ports
