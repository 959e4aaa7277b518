import { gzipSync } from 'node:zlib'
import { buildZip } from '@upkeep/engine/intel/testing/build-zip'
import { buildTar, type TarPart } from './build-tar.ts'

/** A wheel with these files beside its METADATA, written byte by byte. */
export function buildWheel(name: string, version: string, files: Readonly<Record<string, string>> = {}): Buffer {
  const info = `${name}-${version}.dist-info`
  const all = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nRequires-Dist: mcp>=1.0\n\nText`,
    [`${info}/RECORD`]: `${info}/METADATA,,\n`,
  }
  return buildZip(Object.entries(all).map(([path, text]) => ({ name: path, bytes: Buffer.from(text) })))
}

/** A source archive with these parts beside its PKG-INFO, written byte by byte. */
export function buildSource(name: string, version: string, parts: readonly TarPart[] = []): Buffer {
  const info = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nRequires-Dist: mcp>=1.0\n\nText`
  return gzipSync(buildTar([{ path: `${name}-${version}/PKG-INFO`, text: info }, ...parts]))
}
