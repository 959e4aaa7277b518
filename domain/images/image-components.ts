import type { Component } from '@upkeep/contract/observations/resolved-package'
import { pythonName } from '../python-names.ts'
import { type ImageSystem, imageSystem } from './image-system.ts'
import type { KeptFile } from './kept-file.ts'

interface Kept {
  path: string
  layer: number
  value: KeptFile
}

/** What an image is made of, as far as its files say. */
export interface FoundInImage {
  components: Component[]
  /** Undefined where no file names a distribution. */
  system: ImageSystem | undefined
  problems: string[]
}

/** The packages of an image, each with the file and the layer that show it, its distribution, and what of it could not be read. */
export function imageComponents(kept: readonly Kept[], nameOfLayer: (layer: number) => string): FoundInImage {
  const components = kept.flatMap(({ path, layer, value }) => {
    const where = { path, detail: nameOfLayer(layer) }
    if (value.kind === 'apk' || value.kind === 'deb')
      return value.packages.map(({ builtFrom, ...one }) => ({
        ...manifest({ ...one, ecosystem: value.kind, ...where }),
        builtFrom,
      }))
    if (value.kind === 'npm') return [manifest({ ...value, ecosystem: 'npm', ...where })]
    if (value.kind === 'PyPI')
      return [manifest({ ...value, name: pythonName(value.name), ecosystem: 'PyPI', ...where })]
    return value.kind === 'Go' ? goComponents(value.info, path, where.detail) : []
  })
  const releases = kept.flatMap(({ path, value }) => (value.kind === 'release' ? [[path, value.bytes] as const] : []))
  return { components, system: imageSystem(new Map(releases)), problems: kept.flatMap(problemOf) }
}

function problemOf({ path, value }: Kept): string[] {
  if (value.kind === 'problem') return [`${path}: ${value.why}`]
  if ((value.kind === 'apk' || value.kind === 'deb') && value.unread > 0)
    return [`${path}: ${value.unread} of its records could not be read`]
  return value.kind === 'Go' && value.info.cut ? [`${path}: it names more modules than are kept`] : []
}

interface Found {
  ecosystem: Component['ecosystem']
  name: string
  version: string | null
  path: string
  detail: string
}

function manifest({ ecosystem, name, version, path, detail }: Found): Component {
  const evidence = { technique: 'manifest', confidence: 1, file: path, detail } as const
  const at = ecosystem === 'npm' ? path.replace(/\/?package\.json$/, '') || '.' : path
  return { ecosystem, name, version, path: at, digest: null, evidence }
}

/** The modules of a Go program, and the standard library under the name that advisories use. */
export function goComponents(
  info: Extract<KeptFile, { kind: 'Go' }>['info'],
  path: string,
  detail: string,
): Component[] {
  const evidence = { technique: 'build-info', confidence: 1, file: path, detail } as const
  const release = /^go(\d+(?:\.\d+)*(?:rc\d+|beta\d+)?)/.exec(info.go)?.[1] ?? null
  const standard = { path: 'stdlib', version: release ?? '' }
  return [standard, ...info.modules].map((module) => ({
    ecosystem: 'Go',
    name: module.path,
    version: module.version === '' ? null : module.version,
    path,
    digest: null,
    evidence,
  }))
}
