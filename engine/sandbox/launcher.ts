import type { Isolation, Refusal, SandboxBackend } from '@upkeep/contract'

/** A file or folder of this machine at its place inside, read-only. */
export interface ShownPlace {
  outside: string
  inside: string
}

/** What every backend builds its walls around. Paths of `staging` are of this machine. */
export interface Layout {
  /** Read-only places, parents before what lies in them. */
  shown: readonly ShownPlace[]
  links: readonly { at: string; to: string }[]
  /** Bytes of `/data` and of `/dev/shm`. */
  dataBytes: number
  shmBytes: number
  network: 'none' | 'loopback'
  /** The user inside; null where the backend gives one that is nobody's outside. */
  uid: number | null
  /** A folder of this run, outside; `root` in it is empty and may be built in. */
  staging: string
  limits: { memoryBytes: number; processes: number }
  /** What is run inside, as pid 1: our supervisor. */
  command: readonly string[]
}

/** One way of building walls. */
export interface Launcher {
  id: SandboxBackend['id']
  /** Whether it is at hand, and in which version; the reason when it is not. */
  find(): { version: string } | Refusal
  isolates: readonly Isolation[]
  tested: boolean
  /** Of what the bounds of a run count: how much is the launcher's own. */
  own: { processes: number; memoryBytes: number }
  /** Why it cannot build these walls, where it could build others. */
  faultOf?(layout: Layout): string | null
  /** The command line that builds the walls and runs `layout.command` in them. What it needs for that is written into the staging folder. */
  commandFor(layout: Layout): readonly string[]
}
