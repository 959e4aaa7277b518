import type { Severity } from '@upkeep/contract/finding'
import type { ForeignCodeClaim, ForeignReading } from '@upkeep/contract/observations/foreign-results'
import { secretKindOf } from '../redaction/secret-kinds.ts'
import { at, list, textAt } from './json-values.ts'

const maxClaims = 10_000
const levels: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low' }

/** What a result says beyond its place. */
interface Said {
  says: ForeignCodeClaim['says']
  /** As the scanner states it; null where only its level does. */
  severity: Severity | null
}

/** Takes in a result about a line of code; false for one that is about none. */
export function addCode(result: unknown, rule: unknown, said: Said, reading: ForeignReading): boolean {
  const place = placeOf(result)
  if (place === null) return false
  const named = textAt(result, 'ruleId') || textAt(result, 'rule', 'id') || textAt(rule, 'id')
  const id = shown(named, plainName) ?? 'a rule without a plain name'
  if (!isOfSecurity(result, rule)) {
    reading.otherCode = (reading.otherCode ?? 0) + 1
    return true
  }
  const level = textAt(result, 'level') || textAt(rule, 'defaultConfiguration', 'level') || 'warning'
  const claims = reading.code ?? []
  if (claims.length >= maxClaims)
    reading.problem = `it holds more than ${maxClaims} results about lines of code: cut there`
  else claims.push({ id, ...place, says: said.says, severity: said.severity ?? levels[level] ?? null })
  reading.code = claims
  return true
}

function placeOf(result: unknown): { path: string; line: number | null } | null {
  const physical = at(list(at(result, 'locations'))[0], 'physicalLocation')
  const path = shown(textAt(physical, 'artifactLocation', 'uri'), plainPath)
  const line = at(physical, 'region', 'startLine')
  if (path === null) return null
  return { path, line: typeof line === 'number' && Number.isInteger(line) && line > 0 ? line : null }
}

/** By the scanner's own word: a severity in security, the tag `security`, or a number of the CWE. */
function isOfSecurity(result: unknown, rule: unknown): boolean {
  return [result, rule].some(
    (one) =>
      at(one, 'properties', 'security-severity') !== undefined ||
      list(at(one, 'properties', 'tags')).some(
        (tag) => typeof tag === 'string' && ofSecurity.test(tag.slice(0, 200)),
      ) ||
      list(at(one, 'taxa')).some((taxon) => textAt(taxon, 'toolComponent', 'name') === 'CWE'),
  )
}

const ofSecurity = /^security$|\bcwe[-/ ]?(?:cwe-)?\d{1,5}\b/i

const plainName = /^[\w.:/@+-]{1,120}$/
const plainPath = /^[\p{L}\p{N}\w .:/\\@+~()[\]%-]{1,500}$/u

/** A name or a path as it may be kept: of a shape that holds no prose, and no secret. */
function shown(text: string, shape: RegExp): string | null {
  return shape.test(text) && text.isWellFormed() && secretKindOf(text) === null ? text : null
}
