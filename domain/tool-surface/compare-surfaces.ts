import type { ListedPrompt, ListedResource } from '@upkeep/contract/observations/tool-surface'
import { canonicalJson } from '../canonical-json.ts'
import { compareSchemas } from './compare-schemas.ts'
import { findRenames } from './find-renames.ts'
import { type ListedSurface, meaningOf, type SurfaceMeaning, type ToolMeaning } from './meaning.ts'
import type { PlainSchema } from './plain-schema.ts'
import { type ChangeKind, nothing, type SurfaceChange, shownValue } from './surface-change.ts'

/** How two surfaces differ in meaning. Empty exactly when their fingerprints are equal. */
export function compareSurfaces(was: ListedSurface, is: ListedSurface): SurfaceChange[] {
  return compareMeanings(meaningOf(was), meaningOf(is))
}

function compareMeanings(was: SurfaceMeaning, is: SurfaceMeaning): SurfaceChange[] {
  return [
    ...changed('instructions-changed', null, '', was.instructions, is.instructions),
    ...compareTools(was.tools, is.tools),
    ...compareOthers('prompt', was.prompts, is.prompts, ({ name }: ListedPrompt) => name),
    ...compareOthers('resource', was.resources, is.resources, ({ uri }: ListedResource) => uri),
    ...compareOthers('template', was.templates, is.templates, ({ uri }: ListedResource) => uri),
  ]
}

function compareTools(was: ToolMeaning[] | null, is: ToolMeaning[] | null): SurfaceChange[] {
  if (was === null || is === null) return listUnknown('tools', was, is)
  const { pairs, removed, added } = paired(was, is, ({ name }) => name)
  return [
    ...removed.map((tool) => change('tool-removed', tool.name, '', tool.description ?? tool.name, null)),
    ...added.map((tool) => change('tool-added', tool.name, '', null, tool.description ?? tool.name)),
    ...findRenames(removed, added).map(({ from, to, reasons }) =>
      change('tool-renamed', from, '', from, `${to} (${reasons.join(', ')})`),
    ),
    ...pairs.flatMap(([before, now]) => compareTool(before, now)),
  ]
}

function compareTool(was: ToolMeaning, is: ToolMeaning): SurfaceChange[] {
  const { name } = is
  const hints = (['readOnly', 'destructive', 'idempotent', 'openWorld'] as const).flatMap((hint) =>
    changed('hint-changed', name, hint, was.hints[hint], is.hints[hint]),
  )
  return [
    ...changed('title-changed', name, 'title', was.title, is.title),
    ...changed('description-changed', name, 'description', was.description, is.description),
    ...compareSide('input', name, was.input, is.input),
    ...compareOutput(name, was.output, is.output),
    ...hints,
    ...changed('task-support-changed', name, 'taskSupport', was.taskSupport, is.taskSupport),
    ...changed('annotation-changed', name, 'annotations', was.other, is.other),
  ]
}

function compareSide(side: 'input' | 'output', tool: string, was: PlainSchema, is: PlainSchema): SurfaceChange[] {
  return compareSchemas(was, is, side).map((one) =>
    change(one.effect === 'text' ? 'description-changed' : `${side}-${one.effect}`, tool, one.path, one.was, one.is),
  )
}

/** A structure that is promised where none was, or no more, is not a question of wider or narrower. */
function compareOutput(tool: string, was: PlainSchema | null, is: PlainSchema | null): SurfaceChange[] {
  if (was !== null && is !== null) return compareSide('output', tool, was, is)
  return was === is ? [] : [change('output-changed', tool, 'output', was, is)]
}

function compareOthers<Item>(
  what: 'prompt' | 'resource' | 'template',
  was: readonly Item[] | null,
  is: readonly Item[] | null,
  name: (item: Item) => string,
): SurfaceChange[] {
  if (was === null || is === null) return listUnknown(`${what}s`, was, is)
  const { pairs, removed, added } = paired(was, is, name)
  return [
    ...removed.map((item) => change(`${what}-removed`, name(item), '', item, null)),
    ...added.map((item) => change(`${what}-added`, name(item), '', null, item)),
    ...pairs.flatMap(([before, now]) => changed(`${what}-changed`, name(now), '', before, now)),
  ]
}

/** What could not be listed is not taken for empty. */
function listUnknown(list: string, was: unknown, is: unknown): SurfaceChange[] {
  const known = (value: unknown) => (value === null ? 'could not be listed' : 'was listed')
  return was === is ? [] : [{ kind: 'list-unknown', of: null, path: list, was: known(was), is: known(is) }]
}

interface Paired<Item> {
  pairs: [Item, Item][]
  removed: Item[]
  added: Item[]
}

/** Items of both lists by name; one that is listed twice is paired in its order. */
function paired<Item>(was: readonly Item[], is: readonly Item[], name: (item: Item) => string): Paired<Item> {
  const before = Map.groupBy(was, name)
  const now = Map.groupBy(is, name)
  const result: Paired<Item> = { pairs: [], removed: [], added: [] }
  for (const key of [...new Set([...before.keys(), ...now.keys()])].sort()) {
    const [older, newer] = withoutEqual(before.get(key) ?? [], now.get(key) ?? [])
    older.forEach((item, at) => {
      const other = newer[at]
      if (other === undefined) result.removed.push(item)
      else result.pairs.push([item, other])
    })
    result.added.push(...newer.slice(older.length))
  }
  return result
}

/** What stands in both lists is no change, whatever stands beside it under the same name. */
function withoutEqual<Item>(was: readonly Item[], is: readonly Item[]): [Item[], Item[]] {
  const left = is.map((item) => ({ item, text: canonicalJson(item) }))
  const older = was.filter((item) => {
    const at = left.findIndex(({ text }) => text === canonicalJson(item))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [older, left.map(({ item }) => item)]
}

function changed(kind: ChangeKind, of: string | null, path: string, was: unknown, is: unknown): SurfaceChange[] {
  return canonicalJson(was) === canonicalJson(is) ? [] : [change(kind, of, path, was, is)]
}

function change(kind: ChangeKind, of: string | null, path: string, was: unknown, is: unknown): SurfaceChange {
  return {
    kind,
    of: of === null ? null : shownValue(of),
    path: path === '' ? '' : shownValue(path),
    was: was === null ? nothing : shownValue(was),
    is: is === null ? nothing : shownValue(is),
  }
}
