import { z } from 'zod'

/** The clients whose configuration files are read, and the gateways that are asked for theirs. `upkeep` stands for our own `upkeep.yaml`. */
export const ClientId = z.enum([
  'claude-desktop',
  'claude-code',
  'cursor',
  'vscode',
  'windsurf',
  'codex',
  'gemini-cli',
  'zed',
  'cline',
  'roo-code',
  'continue',
  'jetbrains',
  'lm-studio',
  'fiberplane-gateway',
  'upkeep',
])
export type ClientId = z.infer<typeof ClientId>

export const ConfigScope = z.enum(['user', 'project', 'managed'])

/** One configuration file of one client, read and parsed. A file that could not be read is an unavailable observation instead. */
export const ClientConfig = z.strictObject({
  client: ClientId,
  scope: ConfigScope,
  path: z.string(),
  format: z.enum(['json', 'jsonc', 'toml', 'yaml']),
  bytes: z.int().nonnegative(),
  /** Entries found, by name, in file order. */
  servers: z.array(z.string()),
  /** The lines on which entries stand, where a name stands on one alone. */
  lines: z.record(z.string(), z.int().positive()).optional(),
  /** Entries that could not be understood: where, and what was expected. Never text of the file. */
  problems: z.array(z.strictObject({ at: z.string(), problem: z.string() })),
})
export type ClientConfig = z.infer<typeof ClientConfig>
