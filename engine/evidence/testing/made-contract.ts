import { createPrivateKey } from 'node:crypto'
import { ContractStatement, inTotoPayload, type MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { type ContractGrounds, drawContract } from '@upkeep/domain/maintenance/draw-contract'
import { formatVerifierKey, verifierKey } from '@upkeep/domain/signed-note'
import { keyName, sealEnvelope } from '../dsse.ts'
import { type KeyPair, keyPairFromPem } from '../ed25519.ts'

/** A publisher with a key that follows from a number: the same in every run, and of nobody. */
export interface MadePublisher {
  readonly name: string
  readonly line: string
  readonly id: string
  readonly pair: KeyPair
}

export function madePublisher(number: number, name = `upkeep/${String(number).padStart(16, '0')}`): MadePublisher {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, number)])
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' })
  const pair = keyPairFromPem(pem.toString())
  if (pair === null) throw new Error('no key')
  const key = verifierKey(name, pair.publicKey)
  return { name, line: formatVerifierKey(key), id: keyName(key), pair }
}

/** The grounds of a sound contract: one control that held, a window on Sundays, nothing against it. */
export function madeGrounds(by: MadePublisher, over: Partial<ContractGrounds> = {}): ContractGrounds {
  const subject = { kind: 'server' as const, id: 'server:cursor:/c.json#crm', name: 'crm' }
  const held = { control: 'authentication' as const, outcome: 'held' as const, detail: '', attempts: 1, transcript: [] }
  const results = [{ probe: 'authentication', version: 1, ...held }]
  const url = 'https://crm.example/mcp'
  return {
    now: '2026-11-27T09:00:00.000Z',
    publisher: { name: by.name, key: by.line, program: 'mcp-upkeep 0.1.0' },
    stamps: [],
    name: 'crm',
    uri: 'pkg:npm/%40acme/crm',
    bytes: { integrity: 'a'.repeat(64), tree: 'b'.repeat(64) },
    version: '2.1.0',
    use: 'yes',
    reasons: [],
    stated: ContractStatement.parse({
      supported: ['>=2.0.0'],
      endOfLife: '2027-11-30',
      contacts: ['mailto:crm@acme.example'],
    }),
    proofs: [
      [
        {
          at: '2026-11-26T03:00:00.000Z',
          seen: { kind: 'control-probes', subject, state: 'seen', facts: { url, results } },
        },
      ],
    ],
    windows: [
      { name: 'Sunday night', rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' },
    ],
    changes: [],
    approved: null,
    vex: null,
    ...over,
  }
}

/** The text of a contract, signed. */
export function madeContract(by: MadePublisher, over: Partial<ContractGrounds> = {}): string {
  return signedContract(by, drawContract(madeGrounds(by, over)))
}

/** Whatever is said to be a statement, signed. */
export function signedContract(by: MadePublisher, statement: MaintenanceStatement | object): string {
  return `${canonicalJson(sealEnvelope(inTotoPayload, canonicalJson(statement), { id: by.id, pair: by.pair }))}\n`
}
