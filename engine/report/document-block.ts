/** A part of a document, before it is Markdown or HTML. */
export type Block =
  | { kind: 'facts'; rows: readonly (readonly [string, string])[] }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'code'; text: string }

export interface Section {
  title: string
  blocks: readonly Block[]
}

export function facts(rows: readonly (readonly [string, string])[]): Block {
  return { kind: 'facts', rows }
}

/** An empty list is no block. */
export function list(items: readonly string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }]
}
