import { printable } from '@upkeep/domain/printable'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { type ContractHere, contractsHere } from '../maintenance/contracts-here.ts'
import { ContractSays, contractRow } from './contract-output.ts'
import { defineOperation } from './operation.ts'

/** The maintenance contracts that count here, and what they say now. */
export const contractList = defineOperation({
  id: 'contract.list',
  summary: 'the maintenance contracts that were taken, and what they say now',
  effect: 'read',
  role: 'viewer',
  pages: 'contracts',
  input: z.strictObject({}),
  output: z.strictObject({ contracts: z.array(ContractSays) }),
  cli: {
    verb: 'contract list',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep contract list', says: 'of servers of others, by "contract check"' }],
  },
  async run(context) {
    const store = await context.existingStore()
    const contracts = store === null ? [] : (await contractsHere(context, store)).map(saysOf)
    return {
      output: { contracts },
      text: (style) =>
        contracts.length === 0
          ? 'No contract counts here: upkeep contract check <file or address>\n'
          : `${layRows(
              contracts.map((one) => contractRow(one, null)),
              style,
            ).join('\n')}\n`,
      table: {
        columns: ['uri', 'name', 'answer', 'codes', 'serial', 'until', 'endOfLife', 'trustedBy'],
        rows: contracts.map(({ uri, name, answer, reasons, serial, validUntil, endOfLife, trustedBy }) => [
          uri,
          name,
          answer,
          reasons.map(({ code }) => code).join(' '),
          serial,
          validUntil,
          endOfLife,
          trustedBy,
        ]),
      },
    }
  },
})

function saysOf({ contract, servers, answer, reasons }: ContractHere): ContractSays {
  const { predicate } = contract.statement
  return {
    answer,
    reasons: [...reasons],
    uri: contract.uri,
    name: printable(predicate.server.name, { maxLength: 200 }),
    servers: [...new Set(servers.map(({ subject }) => subject.name))],
    serial: predicate.serial,
    issuedAt: predicate.issuedAt,
    validUntil: predicate.validUntil,
    endOfLife: predicate.endOfLife,
    contacts: predicate.contacts,
    key: contract.key,
    trustedBy: contract.trusted.person,
  }
}
