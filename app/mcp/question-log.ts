import { join } from 'node:path'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { printable } from '@upkeep/domain/printable'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { lineFile } from '../line-file.ts'

/** One question that was put through the MCP door. */
export interface Question {
  readonly door: 'stdio' | 'http'
  readonly person: string
  /** What the client says that it is; null where it said nothing. */
  readonly client: { readonly name: string; readonly version: string } | null
  readonly tool: string
  readonly given: unknown
  /** `answered`, or the code of what went wrong. */
  readonly outcome: string
}

/** Keeps every question as a line. Throws where it cannot: what cannot be recorded is not answered. */
export interface QuestionLog {
  add(question: Question): void
}

/**
 * Lines of JSON in `mcp-questions.jsonl` of the state folder: when, who, with what, which tool. What was asked with stands there as a keyed
 * hash only.
 */
export function questionLog(stateDir: string, now: () => Date, fullBytes?: number): QuestionLog {
  const file = lineFile(join(stateDir, 'mcp-questions.jsonl'), fullBytes)
  const secrets = openSecrets({ stateDir, env: {} })
  return {
    add({ door, person, client, tool, given, outcome }) {
      file.add({
        at: now().toISOString(),
        door,
        person: printable(person),
        client: client === null ? null : { name: printable(client.name), version: printable(client.version) },
        tool: printable(tool, { maxLength: 100 }),
        arguments: secrets.fingerprint(canonicalJson(given ?? {})),
        outcome,
      })
    },
  }
}
