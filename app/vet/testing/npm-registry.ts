import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { startFeedServer } from '@upkeep/engine/intel/testing/feed-server'
import { buildTar, manifestEntry } from './build-tar.ts'

/** A package as it is published: its files by their path, and what its manifest says besides name and version. */
export interface Published {
  name: string
  version: string
  files: Readonly<Record<string, string>>
  more?: Readonly<Record<string, unknown>>
}

export interface NpmRegistry {
  url: string
  /** The paths that were asked for, in order. */
  asked: string[]
  close(): Promise<void>
}

/** What is answered instead; null: as the registry itself would. `nth` counts from 1 for each path. */
export type Instead = (path: string, nth: number, own: Buffer) => Buffer | string | null

/** An npm registry on loopback with these packages: packuments, single versions, archives with their SHA-512. */
export async function startNpmRegistry(
  published: readonly Published[],
  instead: Instead = () => null,
): Promise<NpmRegistry> {
  const asked: string[] = []
  const counts = new Map<string, number>()
  const server = await startFeedServer(({ path: raw }, response) => {
    const path = decodeURIComponent(raw)
    asked.push(path)
    counts.set(path, (counts.get(path) ?? 0) + 1)
    const own = answerTo(published, path, server.url)
    if (own === null) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    const type = path.endsWith('.tgz') ? 'application/octet-stream' : 'application/json'
    response.writeHead(200, { 'content-type': type }).end(instead(path, counts.get(path) ?? 1, own) ?? own)
  })
  return { url: server.url, asked, close: () => server.close() }
}

/** The archive of a package, as it is served. The same package gives the same bytes. */
export function archiveOf({ name, version, files, more }: Published): Buffer {
  const parts = Object.entries(files).map(([path, text]) => ({ path: `package/${path}`, text }))
  return gzipSync(buildTar([manifestEntry(name, version, more), ...parts]))
}

/** As a registry states it. */
export function integrityOf(bytes: Buffer): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`
}

function answerTo(published: readonly Published[], path: string, url: string): Buffer | null {
  const archive = published.find((one) => path === archivePath(one))
  if (archive !== undefined) return archiveOf(archive)
  const version = published.find(({ name, version }) => path === `/${name}/${version}`)
  if (version !== undefined) return json(versionDocument(version, url))
  const all = published.filter(({ name }) => path === `/${name}`)
  const last = all.at(-1)
  if (last === undefined) return null
  const versions = Object.fromEntries(all.map((one) => [one.version, versionDocument(one, url)]))
  return json({ name: last.name, 'dist-tags': { latest: last.version }, versions })
}

function versionDocument(one: Published, url: string): object {
  const dist = { tarball: `${url}${archivePath(one)}`, integrity: integrityOf(archiveOf(one)) }
  return { name: one.name, version: one.version, ...one.more, dist }
}

function archivePath({ name, version }: Published): string {
  return `/archives/${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value))
}
