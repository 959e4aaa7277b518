import type { Refusal } from './refusal.ts'

/** What a backend keeps apart. A run that asks for one that the backend does not keep is refused, never run with less. */
export type Isolation = 'files' | 'processes' | 'network' | 'users' | 'memory' | 'process-count' | 'disk'

/**
 * How real bytes are isolated on this machine. `tested` is false where nobody has run our escape test on such a platform.
 * `boundsKeptBy`: who stops memory and processes from growing: the kernel through a control group, or our own looks, which see
 * an excess a moment after it began and rest on limits of each single process until then.
 */
export interface SandboxBackend {
  id: 'bubblewrap' | 'user-namespaces' | 'container-engine'
  version: string
  isolates: readonly Isolation[]
  boundsKeptBy: 'cgroup-v2' | 'cgroup-v1' | 'looks'
  /** Whether system calls can be watched, so that attempts to connect or to open are on record. */
  watches: boolean
  tested: boolean
}

/** Limits of one run. Beyond any of them everything in the sandbox is killed and the outcome names the limit. */
export interface SandboxBounds {
  wallSeconds: number
  cpuSeconds: number
  memoryBytes: number
  /** Threads count, as the kernel counts them: Node.js alone has about eleven. */
  processes: number
  /** Of all writable places together; `fileBytes` of a single file. */
  diskBytes: number
  fileBytes: number
  /** Of standard output and of standard error, each; and of one line. */
  outputBytes: number
  lineBytes: number
}

/** Enough for any server that behaves: what a run asks for when it has no reason to ask for something else. */
export const ordinaryBounds: SandboxBounds = {
  wallSeconds: 60,
  cpuSeconds: 60,
  memoryBytes: 1 << 30,
  processes: 128,
  diskBytes: 64 << 20,
  fileBytes: 32 << 20,
  outputBytes: 16 << 20,
  lineBytes: 4 << 20,
}

/** A file, folder or link laid out fresh below `/data` or `/tmp` before the start. Gone afterwards. */
export type LaidFile =
  | { path: string; text: string; mode?: number }
  | { path: string; folder: true }
  | { path: string; linkTo: string }

/** A program started beside the main one, in the same sandbox and network: a sink, a practice authorization server. */
export interface BesideProgram {
  argv: readonly [string, ...string[]]
  env?: Readonly<Record<string, string>>
  /** As of the run: folders in which a bare name is looked up first. */
  searches?: readonly string[]
  /** The main program is started once this port answers inside. */
  readyPort: number
}

/**
 * One run of real bytes in isolation. Every path but `outside` is as seen inside. Writable are `/data` and what lies in it, nothing else:
 * HOME is `/data/home`, TMPDIR `/data/tmp`, and `/tmp` leads there.
 */
export interface SandboxRun {
  /** A bare name is looked up on this machine's PATH; a path is one in `shows`, or one of this machine. */
  argv: readonly [string, ...string[]]
  /** Folders of this machine in which a bare name is looked up before its PATH: an environment's interpreter, the version that an entry names. */
  searches?: readonly string[]
  /** All of the environment besides PATH, HOME, TMPDIR, LANG, which are the sandbox's own. Never a real secret. */
  env: Readonly<Record<string, string>>
  /** Names of variables whose real values stay outside: each gets a stand-in that is fresh for this run. */
  standIns?: readonly string[]
  cwd: string
  /**
   * Folders and files of this machine that are shown inside, read-only. The system and the runtime of `argv[0]` are shown by themselves.
   * `inside` need not be the path outside: choose one that names nobody.
   */
  shows: readonly { outside: string; inside: string }[]
  lays: readonly LaidFile[]
  /** `none`: no network is promised; where the backend has a loopback it is the run's own. `loopback`: one of its own. Nothing outside is in reach. */
  network: 'none' | 'loopback'
  beside?: readonly BesideProgram[]
  /** Files read back after the end, when they are regular files: never through a link. */
  readsBack?: readonly string[]
  /**
   * The run stands behind the walls of a confined server: of what is laid out it sees these folders alone. The rest lies where nothing
   * inside leads to it, but for a file that the run or a program beside it names as its own; `readsBack` looks there.
   */
  confined?: { folders: readonly { path: string; writable: boolean }[] }
  /**
   * Record attempts to connect, to listen, to execute and to open for writing, where the backend can; with `reads` also what it looks at
   * that is neither the system's nor shown to it. It is slower, and there is no io_uring, into which no watcher sees: measure resources
   * in a run without it.
   */
  watch?: boolean | 'reads'
  bounds: SandboxBounds
}

/**
 * What was tried that a watcher of system calls saw. `allowed` is what the kernel answered inside. `read-outside`: it looked at or opened
 * what is neither the system's nor shown to it; only where the run asked for reads.
 */
export interface WatchedAttempt {
  what: 'connect' | 'execute' | 'write' | 'listen' | 'read-outside'
  target: string
  allowed: boolean
  /** Milliseconds since the start. */
  atMs: number
}

/** One line that went in or came out, in the order seen; cut where it is long. */
export interface TranscriptLine {
  way: 'in' | 'out'
  /** Milliseconds since the start. */
  atMs: number
  line: string
  cut: boolean
}

/** A variable that held a stand-in, and where its text turned up. */
export interface StandIn {
  name: string
  seenIn: readonly ('stdout' | 'stderr' | 'attempts')[]
}

/** How a run went, after everything in it was killed and removed. */
export interface SandboxOutcome {
  ended:
    | 'by-itself'
    | 'stopped'
    | 'wall-time'
    | 'cpu-time'
    | 'memory'
    | 'processes'
    | 'disk'
    | 'flooded'
    | 'line-too-long'
  exitCode: number | null
  /** As a shell reads it: an exit code above 128 is taken for a signal. */
  signal: string | null
  /** Both ways, bounded; `transcriptCut` when there was more. */
  transcript: readonly TranscriptLine[]
  transcriptCut: boolean
  standIns: readonly StandIn[]
  /** Bounded; `stderrCut` when there was more. */
  stderr: string
  stderrCut: boolean
  peakMemoryBytes: number | null
  cpuMs: number | null
  wallMs: number
  /** Null where nothing watched: then absence of an attempt says nothing. */
  attempts: readonly WatchedAttempt[] | null
  attemptsCut: boolean
  readBack: Readonly<
    Record<string, { state: 'present'; text: string; cut: boolean } | { state: 'absent' } | { state: 'not-a-file' }>
  >
  /** Must be empty: what could not be killed or removed. */
  leftBehind: readonly string[]
}

/** A running program in the sandbox. Lines go in and come out; nothing else does. */
export interface SandboxedProcess {
  backend: SandboxBackend
  /** The stand-ins of this run by name: none is a secret. */
  standIns: Readonly<Record<string, string>>
  /** Writes one line (without its newline). False once standard input is closed. */
  send(line: string): boolean
  /** Closes standard input. */
  endInput(): void
  /** Lines of standard output, each bounded. Ends when the program closed it or a limit was hit. */
  lines(): AsyncIterable<string>
  /** Kills everything inside, removes what was laid out, and says how it went. Safe to call twice. */
  stop(): Promise<SandboxOutcome>
  /** Resolves when the program ended by itself or a limit ended it. */
  ended: Promise<SandboxOutcome>
}

/** Runs real bytes in isolation, or refuses. There is no way to run them without. */
export interface SandboxPort {
  backend(): Promise<SandboxBackend | Refusal>
  start(run: SandboxRun, needs: readonly Isolation[]): Promise<SandboxedProcess | Refusal>
}
