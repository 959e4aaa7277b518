import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { z } from 'zod'
import { runNpm } from './npm.ts'

/** One version as `npm view` lists it, when asked for these fields of all versions. */
const ViewedVersion = z.object({
  name: z.string(),
  version: z.string(),
  'dist-tags': z.record(z.string(), z.string()),
  engines: z.record(z.string(), z.string()).optional(),
  deprecated: z.union([z.string(), z.boolean()]).optional(),
  'dist.integrity': z.string().optional(),
})
const Viewed = z.array(ViewedVersion).min(1)
type Viewed = z.infer<typeof Viewed>

const fields = ['name', 'version', 'dist-tags', 'engines', 'deprecated', 'dist.integrity']

/**
 * The packuments of the practice servers, cut to versions, tags, engines and digests, one file each, and returns the paths. Asked of
 * the registry in use, through npm, so that its settings hold; asked once, since a second start may have no network.
 */
export async function keepPackuments(names: readonly string[], folder: string, signal: AbortSignal): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  return Promise.all(names.map((name) => keepPackument(name, folder, signal)))
}

async function keepPackument(name: string, folder: string, signal: AbortSignal): Promise<string> {
  const path = join(folder, `${name.replace(/^@/, '').replace('/', '-')}.json`)
  if (existsSync(path)) return path
  const viewed = Viewed.safeParse(
    parsed(await runNpm(['view', `${name}@>=0.0.0`, ...fields, '--json'], folder, signal)),
  )
  if (!viewed.success) throw unexpectedAnswer(name)
  const building = `${path}.${process.pid}`
  writeFileSync(building, `${JSON.stringify(packument(name, viewed.data), null, 2)}\n`)
  renameSync(building, path)
  return path
}

function packument(name: string, versions: Viewed) {
  return {
    name,
    'dist-tags': versions[0]?.['dist-tags'] ?? {},
    versions: Object.fromEntries(
      versions.map((one) => [
        one.version,
        {
          name,
          version: one.version,
          ...(one.engines && { engines: one.engines }),
          ...(one.deprecated && { deprecated: one.deprecated }),
          dist: { ...(one['dist.integrity'] && { integrity: one['dist.integrity'] }) },
        },
      ]),
    ),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function unexpectedAnswer(name: string): UserError {
  return new UserError(
    'practice-unavailable',
    `The package registry was asked which versions of ${name} exist, and its answer was not understood.`,
    `Check that \`npm view ${name} versions\` works here, then start again.`,
  )
}
