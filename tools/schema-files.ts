import { ChangeDocument } from '@upkeep/contract/change-document'
import { ConfinementProfile } from '@upkeep/contract/confinement'
import { GoldenCalls } from '@upkeep/contract/golden-calls'
import { LockFile } from '@upkeep/contract/lock-file'
import { MaintenanceEnvelope, MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { UpkeepFile } from '@upkeep/contract/upkeep-file'
import { z } from 'zod'
import { publishedOutput } from '../app/operations/run-operation.ts'
import { operations } from '../app/operations/table.ts'

/** The published JSON Schemas by file name: what each command prints with `--json`, and `upkeep.yaml`. */
export function schemaFiles(): Map<string, string> {
  const outputs = operations.map((one): [string, string] => [
    `${one.id}.output.schema.json`,
    schemaText(publishedOutput(one), `upkeep ${one.cli.verb} --json`.replace('  ', ' '), 'output'),
  ])
  return new Map([
    ...outputs,
    ['upkeep-file.schema.json', schemaText(UpkeepFile, 'upkeep.yaml, version 1', 'input')],
    ['upkeep-lock.schema.json', schemaText(LockFile, 'upkeep.lock, format 1', 'input')],
    ['change-document.schema.json', schemaText(ChangeDocument, 'The document of a change, format 1', 'output')],
    [
      'confinement-profile.schema.json',
      schemaText(ConfinementProfile, 'What a confined server may see and reach, format 1', 'output'),
    ],
    [
      'maintenance-contract.schema.json',
      schemaText(MaintenanceStatement, 'A maintenance contract, version 1: an in-toto Statement', 'input'),
    ],
    ['maintenance-envelope.schema.json', schemaText(MaintenanceEnvelope, 'maintenance.json: a DSSE envelope', 'input')],
    ['golden-calls.schema.json', schemaText(GoldenCalls, 'The golden calls of one server, format 1', 'input')],
  ])
}

/** What stands in it more than once is written once, under `$defs`. */
function schemaText(schema: z.ZodType, title: string, io: 'input' | 'output'): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, reused: 'ref' })
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`
}
