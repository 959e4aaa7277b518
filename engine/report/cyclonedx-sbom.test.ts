import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { printableJson } from '@upkeep/domain/printable-json'
import { describe, expect, test } from 'vitest'
import { copyOf, npxOf, serverOf } from './cyclonedx.cases.ts'
import { cycloneDxSbom } from './cyclonedx-sbom.ts'
import { hostile } from './report.cases.ts'

const judge = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
const origin = { version: '0.1.0', observedAt: '2026-11-22T09:30:00.000Z', run: 'run-1', stamps: [] }
const remote = serverOf('crm', { launch: npxOf('mcp-remote', '0.1.15') }, [
  copyOf('/home/ada/.npm/_npx/a', ['mcp-remote@0.1.15', 'express@4.21.0', '@scope/part@1.0.0']),
])
const other = serverOf('shop', { launch: npxOf('mcp-remote', '0.1.15') }, [
  copyOf('/home/bob/.npm/_npx/b', ['mcp-remote@0.1.15', 'express@4.21.0', 'express@5.0.0']),
])
const bundled = {
  ...remote,
  bundled: {
    state: 'seen' as const,
    facts: {
      indexes: [],
      problems: [],
      components: [
        {
          ecosystem: 'npm' as const,
          name: '@modelcontextprotocol/sdk',
          versions: ['1.10.0', '1.10.1'],
          nearest: [],
          copy: '/home/ada/.npm/_npx/a',
          within: 'node_modules/mcp-remote',
          evidence: { technique: 'fingerprint' as const, confidence: 0.9, file: 'dist/chunk.js', detail: '40 of 44' },
        },
      ],
    },
  },
}

async function textOf(...args: Parameters<typeof cycloneDxSbom>): Promise<string> {
  const text = printableJson(cycloneDxSbom(...args))
  expect(await judge.validate(text)).toBeNull()
  return text
}

describe('CycloneDX SBOM', () => {
  test('the published schema takes it, and refuses it when it is broken', async () => {
    const text = await textOf([remote], origin, 'server')
    expect(
      await judge.validate(text.replace('"technique": "manifest-analysis"', '"technique": "guess"')),
    ).not.toBeNull()
    const bom = JSON.parse(text)
    expect(bom.metadata.component.name).toBe('crm')
    expect(bom.components.map((one: { purl: string }) => one.purl)).toEqual([
      'pkg:npm/%40scope/part@1.0.0',
      'pkg:npm/express@4.21.0',
      'pkg:npm/mcp-remote@0.1.15',
    ])
    expect(bom.components[0]).toMatchObject({ group: '@scope', name: 'part', hashes: [{ alg: 'SHA-256' }] })
    expect(bom.components[1].evidence).toMatchObject({
      identity: [{ field: 'purl', confidence: 1, methods: [{ technique: 'manifest-analysis' }] }],
      occurrences: [{ location: '/home/ada/.npm/_npx/a/node_modules/express' }],
    })
    expect(bom.compositions).toEqual([{ aggregate: 'complete', dependencies: [remote.subject.id] }])
  })

  test('a fleet names each component once, and every reference leads somewhere', async () => {
    const bom = JSON.parse(await textOf([remote, other], origin))
    const refs = [bom.metadata.component, ...bom.components].map((one) => one['bom-ref'])
    expect(new Set(refs).size).toBe(refs.length)
    const express = bom.components.find((one: { purl?: string }) => one.purl === 'pkg:npm/express@4.21.0')
    expect(express.evidence.occurrences).toHaveLength(2)
    const named = bom.dependencies.flatMap((one: { ref: string; dependsOn?: string[] }) => [
      one.ref,
      ...(one.dependsOn ?? []),
    ])
    expect(named.filter((ref: string) => !refs.includes(ref))).toEqual([])
  })

  test('the same records give the same bytes; a time only when asked for', async () => {
    const text = await textOf([remote, other], origin)
    expect(await textOf([remote, other], origin)).toBe(text)
    expect(text).not.toMatch(/"(timestamp|serialNumber)"/)
    const dated = await textOf([remote], { ...origin, timestamp: '2026-11-22T09:31:00.000Z' })
    expect(JSON.parse(dated).metadata.timestamp).toBe('2026-11-22T09:31:00.000Z')
  })

  test('what is not known whole says so', async () => {
    const unsure = serverOf(
      'any',
      { launch: npxOf('mcp-remote', null) },
      [copyOf('/a', ['mcp-remote@0.1.15']), copyOf('/b', ['mcp-remote@0.1.16'])],
      null,
    )
    const absent = serverOf('gone', { launch: npxOf('mcp-remote', '0.1.15') }, [], null)
    const away = serverOf(
      'web',
      { launch: { via: 'remote' }, url: 'https://mcp.example/v1', transport: 'http' },
      [],
      null,
    )
    const gap = serverOf('gap', { launch: npxOf('x', '1.0.0') }, [copyOf('/c', ['x@1.0.0'], { problems: ['denied'] })])
    const bom = JSON.parse(await textOf([unsure, absent, away, gap], origin))
    expect(bom.compositions).toEqual([
      { aggregate: 'incomplete', dependencies: [unsure.subject.id, gap.subject.id] },
      { aggregate: 'unknown', dependencies: [absent.subject.id, away.subject.id] },
    ])
    const component = (purl: string) => bom.components.filter((one: { purl?: string }) => one.purl === purl)
    expect(component('pkg:npm/mcp-remote@0.1.16')[0].scope).toBe('optional')
    const pinned = component('pkg:npm/mcp-remote@0.1.15').find((one: { scope?: string }) => one.scope === undefined)
    expect(pinned.evidence.identity[0].confidence).toBe(0.5)
    expect(bom.services[0]).toMatchObject({ endpoints: ['https://mcp.example/v1'], 'x-trust-boundary': true })
  })

  test('bundled code stands beside what is installed, with how sure that is', async () => {
    const bom = JSON.parse(await textOf([bundled], origin))
    const sdk = bom.components.find((one: { name: string }) => one.name === 'sdk')
    expect(sdk.version).toBeUndefined()
    expect(sdk.evidence.identity[0]).toMatchObject({ confidence: 0.9, methods: [{ technique: 'ast-fingerprint' }] })
    expect(sdk.properties).toContainEqual({ name: 'upkeep:possible-versions', value: '1.10.0, 1.10.1' })
  })

  test('hostile text stays text, and stamps are carried', async () => {
    const evil = serverOf(hostile, { launch: npxOf(hostile, hostile) }, [
      copyOf(`/${hostile}`, [`${hostile}@1${hostile}`]),
    ])
    const text = await textOf([evil], { ...origin, stamps: ['PRACTICE: not yours'] })
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u{e0041}]/u)
    expect(JSON.parse(text).metadata.properties).toContainEqual({ name: 'upkeep:stamp', value: 'PRACTICE: not yours' })
  })
})
