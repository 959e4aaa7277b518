import { z } from 'zod'
import { type Candidate, manifestJson } from './candidate.ts'
import type { UnpackedFile } from './unpack.ts'

const Manifest = z.object({
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(128),
  server: z.object({ type: z.string(), entry_point: z.string().min(1).max(1_000) }),
})

/** A bundle, unpacked where Claude Desktop unpacks it, so that what its manifest starts is what is judged; a text says why it is none. */
export function bundleCandidate(files: readonly UnpackedFile[], file: UnpackedFile): Candidate | string {
  const read = Manifest.safeParse(manifestJson(file))
  if (!read.success) return 'its manifest.json names no server, so it is no MCP bundle'
  const { name, version, server } = read.data
  const start = server.entry_point
  if (start.startsWith('/') || start.includes('\\') || start.split('/').includes('..'))
    return 'its manifest.json starts something outside the bundle'
  return {
    kind: 'MCP bundle',
    name,
    version,
    files: files.map((one) => ({ ...one, path: `.config/Claude/Claude Extensions/bundle/${one.path}` })),
    dependencies: [],
    notes: [],
  }
}
