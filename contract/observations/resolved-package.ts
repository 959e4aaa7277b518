import { z } from 'zod'

/** Where packages come from, by the names that OSV gives them. */
export const ComponentEcosystem = z.enum(['npm', 'PyPI', 'Go', 'apk', 'deb'])
export type ComponentEcosystem = z.infer<typeof ComponentEcosystem>

/**
 * By what a part is known to be there. `manifest`: its own metadata, or the list of the package manager that put it there. `lockfile`: a
 * lockfile beside it names it. `build-info`: the compiler wrote it into the program. `fingerprint`: code of it was recognised.
 */
export const ComponentEvidence = z.strictObject({
  technique: z.enum(['manifest', 'lockfile', 'build-info', 'fingerprint']),
  /** How sure it is that the part is there, 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** The file that shows it, relative to the root of the tree, or inside the image. */
  file: z.string(),
  detail: z.string(),
})
export type ComponentEvidence = z.infer<typeof ComponentEvidence>

/** A package inside an installed tree. `path` is relative to the tree's root (absolute where a link leads out of it); `digest` covers every byte of the package's own files. */
export const Component = z.strictObject({
  ecosystem: ComponentEcosystem,
  name: z.string(),
  version: z.string().nullable(),
  path: z.string(),
  digest: z.string().nullable(),
  /** Left out where the package's own manifest at `path` shows it. */
  evidence: ComponentEvidence.optional(),
  /** Of an apk or deb package: the source package that it was built from, by which advisories of its distribution speak of it. */
  builtFrom: z.strictObject({ name: z.string(), version: z.string() }).optional(),
})
export type Component = z.infer<typeof Component>

/** One installed copy that the entry's launcher could start. */
export const Installation = z.strictObject({
  where: z.enum([
    'npx-cache',
    'pnpm-dlx',
    'global',
    'local',
    'script',
    'uv-tool',
    'uv-cache',
    'pipx',
    'binary',
    'image',
  ]),
  root: z.string(),
  /** The absolute path of the script that is started, where no package owns it: it need not lie below `root`. */
  script: z.string().optional(),
  version: z.string().nullable(),
  /** npx: the sixteen hex digits of the cache folder. */
  cacheKey: z.string().nullable(),
  /** What the cache folder's own package.json asks for: may be `^x`. */
  requested: z.string().nullable(),
  /** The lowest Node that the package's `engines` accepts, as written. */
  engines: z.string().nullable(),
  /** Over all components: changes when any byte of any file of the tree does. Null when the tree could not be read whole. */
  digest: z.string().nullable(),
  components: z.array(Component),
  /**
   * Of an image with files of a Linux distribution: its release by OSV's name (`Debian:12`, `Alpine:v3.20`), null where it is none whose
   * advisories are told apart; and what the image calls itself: text from outside, bounded.
   */
  system: z.strictObject({ distribution: z.string().nullable(), says: z.string() }).optional(),
  /** What of the tree could not be read. */
  problems: z.array(z.string()),
})
export type Installation = z.infer<typeof Installation>

/**
 * What a declared entry comes to on this machine. `wouldRun` is the index in `installed` of the copy that the launcher would start
 * today without asking the registry; null when that cannot be known (the registry decides, or nothing is installed), and `why` says so.
 */
export const ResolvedPackage = z.strictObject({
  name: z.string(),
  ecosystem: z.enum(['npm', 'PyPI', 'oci', 'none']),
  pinned: z.boolean(),
  installed: z.array(Installation),
  wouldRun: z.int().nonnegative().nullable(),
  why: z.string(),
})
export type ResolvedPackage = z.infer<typeof ResolvedPackage>
