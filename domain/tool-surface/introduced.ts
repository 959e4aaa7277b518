import { findPoison, type PoisonKind } from '../poisoned-metadata/find-poison.ts'
import { type Surface, type SurfaceText, surfaceTexts } from '../poisoned-metadata/surface-texts.ts'
import { compareSurfaces } from './compare-surfaces.ts'
import type { ListedSurface } from './meaning.ts'
import { plainSchema } from './plain-schema.ts'
import { type SurfaceChange, shownValue } from './surface-change.ts'

/** What the change from one surface to another brings in that was not there before. `says` may be shown: nothing in it is hidden. */
export interface Introduced {
  kind: 'url' | 'widened-schema' | 'hint-flip' | PoisonKind
  where: string
  tool: string | null
  says: string
}

/**
 * What a change introduces: addresses, words that act on the model, flipped hints, schemas that take more. What stood there before, in
 * whatever place, is not introduced; a text that only moved is silent.
 */
export function introducedBy(was: ListedSurface, is: ListedSurface): Introduced[] {
  return [...newAddresses(was, is), ...newPoison(was, is), ...fromChanges(compareSurfaces(was, is))]
}

const address = /\b(?:https?|wss?|ftp|file):\/\/[^\s"'<>()[\]{}`\\]{1,500}/gi
const maxAddresses = 100

function newAddresses(was: ListedSurface, is: ListedSurface): Introduced[] {
  const before = new Set(textsOf(was).flatMap(({ text }) => addressesIn(text)))
  const found: Introduced[] = []
  for (const { where, tool, text } of textsOf(is)) {
    for (const one of addressesIn(text)) {
      if (before.has(one) || found.length >= maxAddresses) continue
      before.add(one)
      found.push({ kind: 'url', where: shownValue(where), tool: shownName(tool), says: shownValue(one) })
    }
  }
  return found
}

/** Punctuation after an address belongs to the sentence. */
function addressesIn(text: string): string[] {
  return [...text.matchAll(address)].map(([found]) => found.replace(/[.,;:!?]{1,5}$/, ''))
}

function newPoison(was: ListedSurface, is: ListedSurface): Introduced[] {
  const before = new Set(poisonIn(was).map(({ key }) => key))
  return poisonIn(is)
    .filter(({ key }) => !before.has(key))
    .map(({ introduced }) => introduced)
}

function poisonIn(surface: ListedSurface): { key: string; introduced: Introduced }[] {
  const texts = new Map(textsOf(surface).map(({ where, text }) => [where, text]))
  return findPoison(readable(surface)).found.map(({ kind, where, tool, from, to, decoded }) => {
    const text = (texts.get(where) ?? '').slice(from, to)
    const says = decoded === null ? shownValue(text) : `${shownValue(decoded)} (written as ${shownValue(text)})`
    return {
      key: JSON.stringify([kind, tool, text, decoded]),
      introduced: { kind, where: shownValue(where), tool: shownName(tool), says },
    }
  })
}

function fromChanges(changes: readonly SurfaceChange[]): Introduced[] {
  return changes.flatMap(({ kind, of, path, was, is }): Introduced[] => {
    const where = `tool ${of ?? ''}, ${path}`
    if (kind === 'hint-changed') return [{ kind: 'hint-flip', where, tool: of, says: `${path}: was ${was}, is ${is}` }]
    if (kind === 'input-widened') return [{ kind: 'widened-schema', where, tool: of, says: `was ${was}, is ${is}` }]
    return []
  })
}

function textsOf(surface: ListedSurface): SurfaceText[] {
  return surfaceTexts(readable(surface)).texts
}

/** The name of a dialect is an address too, and says nothing. */
function readable(surface: ListedSurface): Surface {
  const tools = (surface.tools ?? []).map((tool) => ({
    ...tool,
    inputSchema: plainSchema(tool.inputSchema),
    outputSchema: plainSchema(tool.outputSchema),
  }))
  return { ...surface, tools }
}

function shownName(tool: string | null): string | null {
  return tool === null ? null : shownValue(tool)
}
