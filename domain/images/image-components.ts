import type { Component } from '@upkeep/contract/observations/resolved-package'
import { pythonName } from '../python-names.ts'
import type { KeptFile } from './kept-file.ts'

interface Kept {
  path: string
  layer: number
  value: KeptFile
}

/** The packages of an image, each with the file and the layer that show it, and what of it could not be read. */
export function imageComponents(
  kept: readonly Kept[],
  layers: number,
): { components: Component[]; problems: string[] } {
  const components = kept.flatMap(({ path, layer, value }) => {
    const where = { path, detail: `layer ${layer + 1} of ${layers}` }
    if (value.kind === 'apk' || value.kind === 'deb')
      return value.packages.map((one) => manifest({ ...one, ecosystem: value.kind, ...where }))
    if (value.kind === 'npm') return [manifest({ ...value, ecosystem: 'npm', ...where })]
    if (value.kind === 'PyPI')
      return [manifest({ ...value, name: pythonName(value.name), ecosystem: 'PyPI', ...where })]
    return value.kind === 'Go' ? goComponents(value.info, path, where.detail) : []
  })
  const problems = kept.flatMap(({ path, value }) => {
    if (value.kind === 'problem') return [`${path}: ${value.why}`]
    return value.kind === 'Go' && value.info.cut ? [`${path}: it names more modules than are kept`] : []
  })
  return { components, problems }
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
