import { z } from 'zod'
import { Digest } from './run.ts'
import { Instant } from './time.ts'

/** What the payload of the envelope is, by DSSE and in-toto. */
export const inTotoPayload = 'application/vnd.in-toto+json'
/** The version of what a maintenance contract says: another meaning gets another name. */
export const maintenancePredicate = 'urn:upkeep:maintenance-contract:v1'

const text = (most: number) => z.string().max(most)
const Verdict = z.enum(['pass', 'fail', 'unknown', 'not-applicable'])

/** One attack that was made on a control of the server, or on a known weakness of it, and what came of it when it was made last. */
export const ContractControl = z.object({
  is: z.enum(['control', 'weakness']),
  names: z.array(text(200)).max(50).describe('The control, or the ids of the advisories'),
  probe: text(200),
  version: z.int().positive().describe('Of the probe'),
  verdict: Verdict.describe('pass: the attack was made and did not work. unknown is never to be read as pass'),
  at: Instant.describe('When it was tried last'),
})
export type ContractControl = z.infer<typeof ContractControl>

const Span = z.object({ from: Instant, until: Instant })

/** When the server may be changed and restarted, again and again. */
export const ContractWindow = z.object({
  name: text(100),
  rrule: text(200).describe('RFC 5545: on which days'),
  at: text(5).describe('When it opens, by the clock on the wall in its zone'),
  zone: text(60),
  duration: text(20).describe('ISO 8601: hours that pass'),
  first: z.iso.date().nullable(),
  next: z.array(Span).max(100).describe('Its next occurrences in UTC, all of them up to validUntil'),
})
export type ContractWindow = z.infer<typeof ContractWindow>

/** A change that was approved and is not over. */
export const ContractChange = z.object({
  change: text(100),
  title: text(300),
  state: z.enum(['planned', 'under-way']),
  from: Instant.nullable().describe('When it begins; null where no time is set'),
  until: Instant.nullable(),
  surface: z
    .object({
      fingerprint: Digest.nullable().describe('What the server will offer, by meaning; null where that was not seen'),
      tools: z.int().nonnegative().nullable(),
      changes: z.array(z.object({ kind: text(60), of: text(300).nullable(), path: text(300) })).max(500),
    })
    .nullable()
    .describe('Null where what it will offer was not seen, or does not change'),
})
export type ContractChange = z.infer<typeof ContractChange>

/** An OpenVEX document as upkeep writes it. */
const ContractVex = z.object({
  '@context': text(200),
  '@id': text(300),
  author: text(200),
  timestamp: text(40),
  version: z.int(),
  tooling: text(500).optional(),
  statements: z
    .array(
      z.object({
        vulnerability: z.object({
          name: text(300),
          description: text(2_500).optional(),
          aliases: z.array(text(300)).max(200).optional(),
        }),
        products: z
          .array(z.object({ '@id': text(2_500), identifiers: z.object({ purl: text(2_500) }).optional() }))
          .max(50),
        status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
        status_notes: text(2_500).optional(),
        impact_statement: text(2_500).optional(),
        action_statement: text(3_500).optional(),
      }),
    )
    .max(2_000),
})

/** What whoever runs or makes a server promises and states of its maintenance. Members that are not known here are passed over. */
export const MaintenanceContract = z.object({
  serial: z.int().positive().describe('Higher with each edition: an older one is refused where a newer one was seen'),
  issuedAt: Instant,
  validUntil: Instant.describe('From when on it says nothing any more'),
  publisher: z.object({
    name: text(200),
    key: text(500).describe('The key that signs it: name, id, base64. It is to be compared with one from elsewhere'),
    program: text(200),
  }),
  stamps: z.array(text(200)).max(10).describe('Not empty: it is no real one, such as that of a practice fleet'),
  server: z.object({
    name: text(200),
    use: z.enum(['yes', 'no', 'unknown']).describe('Whether it may be used now, by the judgement of its publisher'),
    reasons: z.array(text(60)).max(50).describe('Codes of why not'),
  }),
  versions: z.object({
    current: text(200).nullable().describe('The one that is looked after here; null where it is not known'),
    supported: z
      .array(text(200))
      .max(50)
      .nullable()
      .describe('Versions or ranges that get fixes; null: nothing is stated'),
  }),
  controls: z.array(ContractControl).max(500),
  notProven: text(500).nullable().describe('Why nothing stands in controls; null where something does'),
  windows: z.array(ContractWindow).max(100),
  changes: z.array(ContractChange).max(100).describe('Approved changes, with what the server will offer'),
  surface: z
    .object({ fingerprint: Digest, tools: z.int().nonnegative(), approvedAt: Instant })
    .nullable()
    .describe('What it offers today, as a person approved it'),
  endOfLife: z.iso.date().nullable().describe('From this day on nobody looks after it; null: none is stated'),
  vex: ContractVex.nullable(),
  contacts: z.array(text(500)).max(20).describe('mailto:, https: and tel: addresses'),
})
export type MaintenanceContract = z.infer<typeof MaintenanceContract>

const Address = text(1_200).min(1)

/** The in-toto Statement v1 that the envelope carries. */
export const MaintenanceStatement = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(
      z.object({
        name: text(200),
        uri: Address.describe('The server: purl without version, or the address of its endpoint'),
        digest: z
          .record(text(40), z.string().regex(/^[0-9a-f]{32,128}$/))
          .describe(
            'upkeepPackage, upkeepTree: SHA-256 over installed files; uriSha256: of the uri, where there is no more',
          ),
      }),
    )
    .length(1),
  predicateType: z.literal(maintenancePredicate),
  predicate: MaintenanceContract,
})
export type MaintenanceStatement = z.infer<typeof MaintenanceStatement>

/** The DSSE envelope: what `maintenance.json` is. */
export const MaintenanceEnvelope = z.object({
  payloadType: z.literal(inTotoPayload),
  payload: z.string().max(4_000_000).describe('The statement in canonical JSON (RFC 8785), base64'),
  signatures: z
    .array(z.object({ keyid: text(300), sig: text(200).describe('Ed25519, base64') }))
    .min(1)
    .max(16),
})
export type MaintenanceEnvelope = z.infer<typeof MaintenanceEnvelope>

/** What the owner of a server states for its maintenance contract: the rest is drawn from what is known of it. */
export const ContractStatement = z.strictObject({
  public: z.boolean().default(false).describe('"upkeep serve" hands it out to everybody, at /maintenance/<name>.json'),
  supported: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(50)
    .optional()
    .describe('Versions or ranges that get fixes, such as ">=2.0.0"'),
  endOfLife: z.iso.date().optional().describe('From this day on nobody looks after it'),
  contacts: z
    .array(z.string().regex(/^(mailto:|https:\/\/|tel:)[\x21-\x7e]{1,490}$/, 'a mailto:, https: or tel: address'))
    .max(20)
    .default([])
    .describe('Whom users turn to'),
  validDays: z.int().min(1).max(31).default(7).describe('For how many days an edition counts'),
})
export type ContractStatement = z.infer<typeof ContractStatement>
