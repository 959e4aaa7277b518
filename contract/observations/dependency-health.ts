import { z } from 'zod'

/** What is known of one installed package beyond its name and version: by its own package.json, and by what npm recorded of it. */
export const PackageHealth = z.strictObject({
  name: z.string(),
  version: z.string().nullable(),
  /** Relative to the root of the tree; absolute where a link leads out of it. */
  path: z.string(),
  /** True for the package that the entry starts, false for one that it brings along. */
  direct: z.boolean(),
  /** The licence as the package states it; null when it states none. The package's own text: hostile, bounded. */
  licence: z.string().nullable(),
  /** Scripts that a package manager runs when it installs the package: `preinstall`, `install`, `postinstall`, `binding.gyp`. */
  installScripts: z.array(z.string()),
  /** The range of Node that the package states. */
  engines: z.string().nullable(),
  /** Where the package says that its source is, in one form (`github.com/owner/name`); left out where it says nothing that can be read. */
  repository: z.string().optional(),
  /** What npm's own list of the tree says of this place; null when there is no list or the place is not in it. */
  recorded: z
    .strictObject({
      version: z.string().nullable(),
      integrity: z.string().nullable(),
      /** The host that it came from; `git`, `file` or `link` where that was no registry; null when not said. */
      from: z.string().nullable(),
    })
    .nullable(),
  /**
   * Its files held against the tarball that is kept here under the recorded integrity; left out where none is kept. `altered`: the kept
   * tarball itself is no longer what it was. `detail` names the first file that differs, or why it could not be read.
   */
  kept: z.strictObject({ state: z.enum(['same', 'differs', 'altered', 'unreadable']), detail: z.string() }).optional(),
})
export type PackageHealth = z.infer<typeof PackageHealth>

/** The packages of each installed copy that an entry could start, and the Node that would run them. */
export const DependencyHealth = z.strictObject({
  copies: z.array(
    z.strictObject({
      root: z.string(),
      /** False when another copy would start, or when it cannot be told which. */
      wouldRun: z.boolean(),
      /** npm's list of what it installed, `node_modules/.package-lock.json`. */
      lockfile: z.enum(['read', 'absent', 'unreadable']),
      packages: z.array(PackageHealth),
      problems: z.array(z.string()),
    }),
  ),
  /** Each Node that was found and could run them; version null where only the program was seen. Nothing was started to find out. */
  runtimes: z.array(z.strictObject({ path: z.string(), version: z.string().nullable() })),
  /** Why the runtimes are not all that could be meant; null when they are. */
  runtimesLimit: z.string().nullable(),
})
export type DependencyHealth = z.infer<typeof DependencyHealth>
