import { UserError } from '@upkeep/contract'
import { contractKeyStatement } from '@upkeep/domain/changes/signed-statements'
import { judgeContract } from '@upkeep/domain/maintenance/judge-contract'
import { printable } from '@upkeep/domain/printable'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { contractKeyScope, contractTrust, distrust, keepContract, keyForServer } from '../maintenance/consumed.ts'
import { contractsHere } from '../maintenance/contracts-here.ts'
import { fetchContract } from '../maintenance/fetch-contract.ts'
import { type ReadContract, readContract } from '../maintenance/read-contract.ts'
import type { Context } from './context.ts'
import { ContractSays, contractOutcome, contractRow } from './contract-output.ts'
import { defineOperation } from './operation.ts'
import { signAttestation } from './sign-attestation.ts'

/** Takes the maintenance contract of a server, and says what it comes to now. */
export const contractCheck = defineOperation({
  id: 'contract.check',
  summary: 'check the maintenance contract of a server: ok, drain, refuse or unknown',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    from: z
      .string()
      .min(1)
      .max(2_000)
      .meta({ description: 'A maintenance.json: a file or an https address', valueName: 'from', local: true }),
    version: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Whether this version of the server gets fixes', valueName: 'version' }),
    trust: z.boolean().default(false).describe('Let its key count for this server from now on, for a year; asks'),
    distrust: z.boolean().default(false).describe('Let its key count no longer'),
    key: z
      .string()
      .optional()
      .meta({ description: 'With --trust: sign with this SSH key of yours', valueName: 'file', local: true }),
    private: z.boolean().default(false).describe('The address lies in a network of your own, and may be http'),
  }),
  output: ContractSays,
  cli: {
    verb: 'contract check',
    positionals: ['from'],
    listed: 'rest',
    examples: [
      { command: 'upkeep contract check https://acme.example/maintenance/crm.json', says: 'ends with 0, 1 or 3' },
      { command: 'upkeep contract check crm.json --trust', says: 'once its key was compared with its owner' },
      { command: 'upkeep contract check crm.json --version 2.1.0 --json', says: 'for a gateway' },
    ],
  },
  decides: ({ trust, distrust }) => trust || distrust,
  async run(context, { from, version, trust, distrust: isTaken, key, private: isPrivate }) {
    if (trust && isTaken) throw new UserError('bad-input', '--trust and --distrust contradict.', 'Give one of them.')
    const read = readContract(await fetchContract(context, from, isPrivate))
    if ('fault' in read) return answerWith(invalid(read.fault), null)
    if (isTaken) await distrust(context, read)
    if (trust) await trustKey(context, read, key)
    const output = await said(context, read, version ?? null)
    return answerWith(output, output.trustedBy === null ? `upkeep contract check ${from} --trust` : null)
  },
})

function answerWith(output: ContractSays, command: string | null) {
  return {
    output,
    text: (style: Parameters<typeof layRows>[1]) => `${layRows([contractRow(output, command)], style).join('\n')}\n`,
    ...contractOutcome(output.answer),
  }
}

function invalid(fault: string): ContractSays {
  return {
    answer: 'unknown',
    reasons: [{ answer: 'unknown', code: 'not-valid', says: `It says nothing: ${fault}.` }],
    ...{ uri: null, name: null, servers: [], serial: null, issuedAt: null, validUntil: null, endOfLife: null },
    ...{ contacts: [], key: null, trustedBy: null },
  }
}

/** What is of no trusted key, or was replaced by a newer one, says nothing: neither that it may be used nor that it may not. */
async function said(context: Context, read: ReadContract, version: string | null): Promise<ContractSays> {
  const now = context.clock.now()
  const store = await context.store()
  const trusted = await contractTrust(store, read, now)
  const stale = trusted === null ? null : await keepContract(context, read)
  const { predicate } = read.statement
  const judged = trusted === null || stale !== null ? notTaken(stale) : judgeContract(read.statement, now, version)
  const here = (await contractsHere(context, store)).filter(
    ({ contract }) => contract.key === read.key && contract.uri === read.uri,
  )
  return {
    ...judged,
    uri: read.uri,
    name: printable(predicate.server.name, { maxLength: 200 }),
    servers: [...new Set(here.flatMap(({ servers }) => servers.map(({ subject }) => subject.name)))],
    serial: predicate.serial,
    issuedAt: predicate.issuedAt,
    validUntil: predicate.validUntil,
    endOfLife: predicate.endOfLife,
    contacts: predicate.contacts,
    key: read.key,
    trustedBy: trusted?.person ?? null,
  }
}

function notTaken(stale: string | null): Pick<ContractSays, 'answer' | 'reasons'> {
  const [code, says] =
    stale === null
      ? ['key-not-trusted', 'Its signature holds, by a key that nobody let count for this server here.']
      : ['older-than-seen', `It is refused: ${stale}. What was taken before still counts: upkeep contract list.`]
  return { answer: 'unknown', reasons: [{ answer: 'unknown', code, says }] }
}

async function trustKey(context: Context, read: ReadContract, key: string | undefined): Promise<void> {
  const { predicate } = read.statement
  const shown = (text: string) => printable(text, { maxLength: 1_300 })
  await signAttestation(context, {
    scope: contractKeyScope,
    statement: keyForServer(read),
    evidence: [],
    heavy: 'what it signs decides whether a server is used',
    shown: [
      `Server     ${shown(predicate.server.name)}: ${shown(read.uri)}`,
      `Publisher  ${shown(predicate.publisher.name)}`,
      `Key        ${shown(read.key)}`,
      'Whose key it is, this file cannot tell: compare it with what its owner says elsewhere.',
    ].join('\n'),
    question: 'Shall the contracts that it signs for this server count here?',
    signed: ({ person, until }) => contractKeyStatement({ person, key: read.key, uri: read.uri, until }),
    key,
  })
}
