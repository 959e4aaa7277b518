import { expect, test } from 'vitest'
import { compareMetadata } from './compare-metadata.ts'
import { compareSheets } from './compare-sheets.ts'
import type { SheetLine } from './judge-requirements.ts'

function line(id: string, outcome: SheetLine['outcome'], detail: string = outcome): SheetLine {
  const check = { control: 'origin' as const }
  const rest = { title: id, cites: 'RFC', severity: 'high' as const, remedy: 'Mend it' }
  return { requirement: { id, level: 'MUST', eras: ['initialize'], check, ...rest }, outcome, detail }
}

test('what was met and is not is a regression, and so is what is no longer known to be met', () => {
  const before = [line('origin', 'met'), line('tls', 'met'), line('audience', 'not-met'), line('bind', 'undetermined')]
  const now = [line('origin', 'not-met'), line('tls', 'undetermined'), line('audience', 'met'), line('bind', 'not-met')]
  expect(compareSheets(before, now).map(({ requirement, regression }) => [requirement, regression])).toEqual([
    ['origin', true],
    ['tls', true],
    ['audience', false],
    ['bind', false],
  ])
})

test('other words of the same outcome are no change', () => {
  expect(compareSheets([line('origin', 'met', 'one')], [line('origin', 'met', 'two')])).toEqual([])
})

test('a requirement that is new, and one that is gone', () => {
  expect(compareSheets([line('old', 'met')], [line('new', 'not-met')])).toMatchObject([
    { requirement: 'new', from: null, to: 'not-met', regression: false },
    { requirement: 'old', from: 'met', to: null, regression: false },
  ])
})

const issuer = {
  ...{ issuer: 'https://login.example.com', why: '', state: 'read' as const, issuerEquals: true },
  ...{ endpointsHttps: true, pkceMethods: ['S256'], issParameter: true, clientIdDocuments: true },
  registrationEndpoint: false,
}
const metadata = {
  state: 'seen' as const,
  facts: {
    ...{ url: 'https://mcp.example.com/mcp', status: 401, pointer: true, issuers: [issuer] },
    resource: { equals: true, authorizationServers: [issuer.issuer] },
  },
}

test('what is published otherwise is named, and what could not be read is not taken for a change', () => {
  const { facts } = metadata
  const plain = { ...metadata, facts: { ...facts, issuers: [{ ...issuer, pkceMethods: ['plain'] }] } }
  expect(compareMetadata(metadata, metadata)).toEqual([])
  expect(compareMetadata(metadata, plain)).toEqual([
    { what: 'https://login.example.com: PKCE methods', from: 'S256', to: 'plain' },
  ])
  const other = { ...facts, resource: { equals: true, authorizationServers: ['https://evil.example'] }, issuers: [] }
  expect(compareMetadata(metadata, { ...metadata, facts: other })).toContainEqual({
    what: 'authorization servers',
    from: 'https://login.example.com',
    to: 'https://evil.example',
  })
  expect(compareMetadata(metadata, { state: 'unavailable', code: 'unreachable', reason: 'gone' })).toEqual([])
})
