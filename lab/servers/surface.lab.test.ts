import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { compareSurfaces } from '@upkeep/domain/tool-surface/compare-surfaces'
import { introducedBy } from '@upkeep/domain/tool-surface/introduced'
import { fingerprintOf } from '@upkeep/domain/tool-surface/meaning'
import { createMcpPort } from '@upkeep/engine/ports/mcp'
import { afterAll, describe, expect, it } from 'vitest'
import { type InstalledServer, installedServer } from './installed-server.ts'
import { startLineProgram } from './line-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'upkeep-surface-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const filesystem = await Promise.all(
  ['2025.3.28', '2026.8.31', '2.0.1'].map((one) => installedServer('filesystem', one)),
)
const everything = await Promise.all(['2025.7.1', '2026.8.31'].map((one) => installedServer('everything', one)))
const missing = [...filesystem, ...everything].includes(null)

/** A server as its client would start it: filesystem with a folder, everything over stdio. */
function commandOf(server: InstalledServer) {
  const last = server.script.includes('server-filesystem') ? cwd : 'stdio'
  return { command: process.execPath, args: [server.script, last], env: { HOME: cwd }, cwd }
}

async function captured(server: InstalledServer | null | undefined): Promise<ToolSurface> {
  if (server === null || server === undefined) throw new Error('the server is not installed')
  const program = startLineProgram(commandOf(server))
  try {
    const options = { eras: ['discover', 'initialize'] as const, timeoutMs: 20_000, maxBytes: 4_000_000, lists: 3 }
    const found = await createMcpPort().capture(program, options)
    if (found.state === 'unavailable') throw new Error(found.reason)
    return found.surface
  } finally {
    await program.stop()
  }
}

async function listedBySdk(server: InstalledServer | null | undefined) {
  if (server === null || server === undefined) throw new Error('the server is not installed')
  const client = new Client({ name: 'lab', version: '1' })
  const { command, args, env } = commandOf(server)
  await client.connect(new StdioClientTransport({ command, args, env, cwd, stderr: 'ignore' }))
  const { tools } = await client.listTools()
  await client.close()
  return tools
}

const kindsOf = (changes: readonly { kind: string; of: string | null }[]) =>
  changes.map(({ kind, of }) => `${kind} ${of}`)

describe.skipIf(missing)('the surfaces of real servers (needs the npm registry once)', () => {
  it('server-filesystem 2026.8.31 -> 2.0.1: all 14 tools change their bytes, and none its meaning (T9)', async () => {
    const [was, is] = [await captured(filesystem[1]), await captured(filesystem[2])]
    expect([was.era, is.era]).toEqual(['initialize', 'discover'])
    const [before, now] = [await listedBySdk(filesystem[1]), await listedBySdk(filesystem[2])]
    const alike = before.filter(
      (tool) => JSON.stringify(tool) === JSON.stringify(now.find(({ name }) => name === tool.name)),
    )
    expect([before.length, now.length, alike.length]).toEqual([14, 14, 0])
    expect(compareSurfaces(was, is)).toEqual([])
    expect(introducedBy(was, is)).toEqual([])
    expect(fingerprintOf(is)).toBe(fingerprintOf(was))
  })

  it('server-filesystem 2025.3.28 -> 2026.8.31: three tools more, and read_file says something else', async () => {
    const changes = compareSurfaces(await captured(filesystem[0]), await captured(filesystem[1]))
    expect(kindsOf(changes).filter((one) => /^tool-/.test(one))).toEqual([
      'tool-added list_directory_with_sizes',
      'tool-added read_media_file',
      'tool-added read_text_file',
    ])
    expect(
      changes.find(
        ({ kind, of, path }) => kind === 'description-changed' && of === 'read_file' && path === 'description',
      ),
    ).toMatchObject({
      was: expect.stringContaining('Read the complete contents of a file from the file system'),
      is: expect.stringContaining('DEPRECATED: Use read_text_file instead'),
    })
  })

  it('server-everything 2025.7.1 -> 2026.8.31: the likely new names are named', async () => {
    const changes = compareSurfaces(await captured(everything[0]), await captured(everything[1]))
    const renamed = changes
      .filter(({ kind }) => kind === 'tool-renamed')
      .map(({ of, is }) => `${of} -> ${is.split(' ')[0]}`)
    expect(renamed.sort()).toEqual([
      'add -> get-sum',
      'annotatedMessage -> get-annotated-message',
      'getResourceReference -> get-resource-reference',
      'getTinyImage -> get-tiny-image',
      'longRunningOperation -> trigger-long-running-operation',
      'printEnv -> get-env',
    ])
    expect(kindsOf(changes)).toContain('tool-removed sampleLLM')
  })

  it('what a server says of its version is not its version (T8)', async () => {
    expect((await captured(filesystem[0])).serverInfo).toMatchObject({ version: '0.2.0' })
    expect((await captured(filesystem[1])).serverInfo).toMatchObject({ version: '0.2.0' })
  })

  it.each([0, 1])('what we list of server-everything is what the official client lists (%s)', async (at) => {
    const [ours, theirs] = [await captured(everything[at]), await listedBySdk(everything[at])]
    expect(ours).toMatchObject({ timesListed: 3, toolsLater: null, truncated: false, why: '' })
    expect(ours.tools?.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))).toEqual(
      theirs.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    )
  })
})
