import type { Expected } from './obtained.ts'

const npmPackage = /^npm:((?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*)@(\d[0-9A-Za-z.+-]{0,127})$/
const pythonPackage = /^pypi:([A-Za-z0-9][A-Za-z0-9._-]{0,199})(?:==|@)(\d[0-9A-Za-z.!+_-]{0,127})$/

/** `npm:@scope/name@1.2.3` or `pypi:name==1.2.3`; null for whatever names no package in one version. */
export function readName(what: string): Expected | null {
  for (const [ecosystem, pattern] of [
    ['npm', npmPackage],
    ['PyPI', pythonPackage],
  ] as const) {
    const [, name, version] = pattern.exec(what) ?? []
    if (name !== undefined && version !== undefined) return { ecosystem, name, version }
  }
  return null
}
