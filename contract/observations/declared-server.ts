import { z } from 'zod'
import { ClientId, ConfigScope } from './client-config.ts'

/**
 * A value that may hold a secret, as it may be stored: never the text itself. `fingerprint` is a keyed hash (HMAC-SHA-256 with this
 * installation's key, first 16 hex digits), so that a change of the value is seen without the value being known.
 */
export const SafeValue = z.discriminatedUnion('kind', [
  /** Shown as it is: of a shape that cannot be a secret (a flag, a path, a package, a known word). */
  z.strictObject({ kind: z.literal('plain'), text: z.string() }),
  /** A reference that the client expands: `${NAME}`, `${input:id}`, `op://…`. */
  z.strictObject({ kind: z.literal('reference'), text: z.string() }),
  /** Not shown. `secret` says what it looks like, or `none` when it only could be one. */
  z.strictObject({
    kind: z.literal('hidden'),
    secret: z.string(),
    length: z.int().nonnegative(),
    fingerprint: z.string(),
    /** For `--flag=value`: the flag, which is shown. */
    prefix: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('empty') }),
])
export type SafeValue = z.infer<typeof SafeValue>

/** One server as one client's file declares it, in normal form: order of keys, white space and comments are gone, secrets are hidden. */
export const DeclaredServer = z.strictObject({
  client: ClientId,
  scope: ConfigScope,
  path: z.string(),
  name: z.string(),
  /** The project folder for project scope and for per-project entries of a user file. */
  project: z.string().nullable(),
  transport: z.enum(['stdio', 'http', 'sse', 'unknown']),
  command: SafeValue.nullable(),
  args: z.array(SafeValue),
  env: z.record(z.string(), SafeValue),
  /** Without user info, query values, fragment; path segments that could be secrets hidden. */
  url: z.string().nullable(),
  /** What the URL carried that is not shown: secret kinds of user info, query values (by name) and path segments. */
  urlSecrets: z.array(z.strictObject({ where: z.string(), value: SafeValue })),
  headers: z.record(z.string(), SafeValue),
  cwd: z.string().nullable(),
  disabled: z.boolean(),
  /** Tools that the client calls without asking, where its format has such a list. `*` is all. */
  autoApprove: z.array(z.string()),
  /** What launches: the package, image or script that `command` and `args` name. */
  launch: z.discriminatedUnion('via', [
    z.strictObject({
      via: z.enum(['npx', 'npm-exec', 'bunx', 'pnpm-dlx', 'yarn-dlx', 'uvx', 'pipx']),
      ecosystem: z.enum(['npm', 'PyPI']),
      name: z.string(),
      /** The requested range, tag or version as written; null when none was. */
      requested: z.string().nullable(),
      /** True when only one version can satisfy the request. */
      pinned: z.boolean(),
      /** All packages of the command (`npx -p a -p b`), as written. */
      packages: z.array(z.string()),
    }),
    z.strictObject({
      via: z.enum(['node', 'python', 'bun', 'deno']),
      script: z.string().nullable(),
      module: z.string().nullable(),
    }),
    z.strictObject({
      via: z.enum(['docker', 'podman']),
      image: z.string(),
      tag: z.string().nullable(),
      digest: z.string().nullable(),
      pinned: z.boolean(),
    }),
    z.strictObject({ via: z.literal('binary'), file: z.string() }),
    z.strictObject({ via: z.literal('shell') }),
    z.strictObject({ via: z.literal('remote') }),
    z.strictObject({ via: z.literal('unknown'), problem: z.string() }),
  ]),
  /**
   * Where the entry says that it is started behind walls: the file of its profile, and the digest that it names. `fault`: why nothing can
   * be built on that; null where our own launcher starts it with a profile that is the sealed one, for this very command line.
   */
  confined: z.strictObject({ profile: z.string(), sealed: z.string(), fault: z.string().nullable() }).optional(),
  /** Names of keys of the entry that no reader of ours knows, with a keyed hash of their content, so that a change is seen. */
  other: z.record(z.string(), z.string()),
})
export type DeclaredServer = z.infer<typeof DeclaredServer>
