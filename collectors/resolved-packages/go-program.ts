import { Component } from '@upkeep/contract/observations/resolved-package'
import { goBuildInfo } from '@upkeep/domain/go-build-info'
import { goComponents } from '@upkeep/domain/images/image-components'
import { z } from 'zod'
import type { Search } from './search.ts'

const way = 1
const maxBytes = 512 << 20
const Kept = z.array(Component)

/** The modules that a Go program was built from, as its compiler wrote them into it. Empty for any other program. */
export function goProgram({ files, memory }: Search, path: string, digest: string | null): Component[] {
  const key = digest === null ? null : `go:${way}:${digest}:${nameOf(path)}`
  const known = key === null ? null : parsed(memory?.recall(key) ?? null)
  if (known !== null) return known
  const read = files.read(path, maxBytes)
  const info = read.state === 'present' ? goBuildInfo(read.bytes) : null
  const components =
    info === null || info === 'before-1.18' ? [] : goComponents(info, nameOf(path), 'written by the compiler')
  if (key !== null && read.state === 'present') memory?.remember(key, JSON.stringify(components))
  return components
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toWellFormed()
}

function parsed(text: string | null): Component[] | null {
  if (text === null) return null
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
