import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListedTool } from '@upkeep/contract/observations/tool-surface'
import { z } from 'zod'

const folder = import.meta.dirname
const prose = join(folder, '../../../shared/data/injection-dev.jsonl')

export interface CodeCase {
  id: string
  kind: string | null
  language: 'javascript' | 'python'
  text: string
}

/** The server files of one language, each with what an argument reaches in it. */
export function codeCases(language: CodeCase['language'], from: 'code-sinks' | 'held-out' = 'code-sinks'): CodeCase[] {
  const text = readFileSync(join(folder, from, `${language}.txt`), 'utf8')
  const [, ...parts] = `\n${text}`.split('\n=== ')
  return parts.map((part) => {
    const end = part.indexOf('\n')
    const [id = '', kind = ''] = part.slice(0, end).split(' | ')
    return { id, kind: kind === 'none' ? null : kind, language, text: part.slice(end + 1) }
  })
}

function lines<T extends z.ZodType>(name: string, shape: T): z.infer<T>[] {
  const text = readFileSync(join(folder, name), 'utf8').trim()
  return text.split('\n').map((line) => shape.parse(JSON.parse(line)))
}

const MetadataCase = z.object({
  id: z.string(),
  kinds: z.array(z.string()),
  tools: z.array(ListedTool),
  instructions: z.string().nullable(),
})
export function metadataCases(from: '.' | 'held-out' = '.'): z.infer<typeof MetadataCase>[] {
  return lines(`${from}/poisoned-metadata.jsonl`, MetadataCase)
}

const NameCase = z.object({
  id: z.string(),
  ecosystem: z.enum(['npm', 'PyPI']),
  name: z.string(),
  imitates: z.string().nullable(),
})
export function nameCases(): z.infer<typeof NameCase>[] {
  return lines('typosquats.jsonl', NameCase)
}

const List = z.array(z.string())
const Names = z.object({
  npm: z.object({ scopes: z.record(z.string(), List), unscoped: List }),
  PyPI: z.object({ unscoped: List }).transform((known) => ({ scopes: {}, ...known })),
})

/** The names of known packages that the product comes with. */
export function knownNames(): z.infer<typeof Names> {
  return Names.parse(JSON.parse(readFileSync(join(folder, '../../packs/known-servers/names.json'), 'utf8')))
}

const SecretCase = z.object({ id: z.string(), kind: z.string().nullable(), text: z.string() })
export function secretCases(): z.infer<typeof SecretCase>[] {
  // The halves of a token are kept apart, so that no scanner takes the corpus for a leak.
  return lines('secrets-in-source.jsonl', SecretCase).map((one) => ({
    ...one,
    text: one.text.replaceAll('\u2059', ''),
  }))
}

const Prose = z.object({ source: z.string(), text: z.string() })

/** Prose about attacks on MCP, of one public site; null where the file is not there. */
export function proseAboutAttacks(): string[] | null {
  if (!existsSync(prose)) return null
  const rows = readFileSync(prose, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line.includes('mcp-security.io'))
  return rows
    .map((line) => Prose.parse(JSON.parse(line)))
    .filter((row) => row.source === 'mcp-security.io')
    .map((row) => row.text)
}

const Rates = z.object({ precision: z.number(), recall: z.number() })
const Floors = z.object({
  'code-sinks': Rates,
  'poisoned-metadata': Rates,
  typosquats: Rates,
  'secrets-in-source': Rates,
  'held-out': Rates,
  'prose-false-alarms': z.object({ most: z.number() }),
})

/** The least that the checks must reach; set before anything was measured. */
export function floors(): z.infer<typeof Floors> {
  return Floors.parse(JSON.parse(readFileSync(join(folder, 'floors.json'), 'utf8')))
}
