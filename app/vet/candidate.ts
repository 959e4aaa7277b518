import type { UnpackedFile } from './unpack.ts'

/** What an archive was recognised as: what it calls itself, where its files go in a home, and what would start it. */
export interface Candidate {
  kind: 'npm package' | 'Python wheel' | 'Python source archive' | 'MCP bundle'
  name: string
  version: string
  /** Files by their path below the home; among them the one that names it to a client. */
  files: UnpackedFile[]
  /** Packages that it needs and that are not inside it: they are judged only once they are there. */
  dependencies: string[]
  /** What whoever adds it should know besides. */
  notes: string[]
}

/** The file of a client that has one entry for the candidate. */
export function clientFile(name: string, entry: { command: string; args: readonly string[] }): UnpackedFile {
  return { path: '.cursor/mcp.json', bytes: Buffer.from(JSON.stringify({ mcpServers: { [name]: entry } })) }
}

/** The JSON of a manifest; null when it is none, or too large to be one. */
export function manifestJson(file: UnpackedFile | undefined): unknown {
  if (file === undefined || file.bytes.length > 1 << 20) return null
  try {
    return JSON.parse(new TextDecoder().decode(file.bytes))
  } catch {
    return null
  }
}

/** The same files without the folder that the archive puts them in, whatever it is called there. What lies beside a folder is left out. */
export function withoutTop(files: readonly UnpackedFile[]): UnpackedFile[] {
  return files.flatMap((file) => {
    const path = file.path.slice(file.path.indexOf('/') + 1)
    return file.path.includes('/') ? [{ ...file, path }] : []
  })
}
