import type { Isolation, Refusal, SandboxBackend } from '@upkeep/contract'

/** A file or folder of this machine at its place inside, read-only unless it says otherwise. */
export interface ShownPlace {
  outside: string
  inside: string
  writable?: boolean
}

/** What every backend builds its walls around. Paths of `staging` are of this machine. */
export interface Layout {
  /** Places that are shown, parents before what lies in them. */
  shown: readonly ShownPlace[]
  links: readonly { at: string; to: string }[]
  /** The file system in memory that is writable, and its bytes; bytes of `/dev/shm`. */
  scratch: '/data' | '/tmp'
  dataBytes: number
  shmBytes: number
  /** `shared`: this machine's own. */
  network: 'none' | 'loopback' | 'shared'
  /** The user inside, where root builds; null where whoever builds has no rights, and is an ordinary user inside as well. */
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
