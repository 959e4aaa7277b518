import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { z } from 'zod'
import { type Candidate, clientFile, manifestJson, withoutTop } from './candidate.ts'
import type { UnpackedFile } from './unpack.ts'

const Manifest = z.object({
  name: z
    .string()
    .max(214)
    .regex(/^(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*$/),
  version: z
    .string()
    .max(128)
    .regex(/^\d[0-9A-Za-z.+-]*$/),
  dependencies: z.record(z.string(), z.unknown()).default({}),
})

/** An npm tarball, put where npx keeps what it installed. npm takes off the first folder of every path, so that is done here as well. */
export function npmCandidate(files: readonly UnpackedFile[]): Candidate | null {
  const own = withoutTop(files)
  const read = Manifest.safeParse(manifestJson(own.find((file) => file.path === 'package.json')))
  if (!read.success) return null
  const { name, version, dependencies } = read.data
  const root = `.npm/_npx/${npxCacheKey([`${name}@${version}`])}`
  const cached = JSON.stringify({ dependencies: { [name]: version } })
  const inside = new Set(own.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.path)?.[1]))
  return {
    kind: 'npm package',
    name,
    version,
    files: [
      clientFile(name, { command: 'npx', args: ['-y', `${name}@${version}`] }),
      { path: `${root}/package.json`, bytes: Buffer.from(cached) },
      ...own.map((file) => ({ ...file, path: `${root}/node_modules/${name}/${file.path}` })),
    ],
    dependencies: Object.keys(dependencies).filter((one) => !inside.has(one)),
    notes: [],
  }
}
