import { type Observation, serverSubject } from '@upkeep/contract'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { expect, test } from 'vitest'
import { fleetPackages, nameInRequest } from './fleet-packages.ts'

const subject = serverSubject('cursor', '/mcp.json', 'x')

function declared(launch: DeclaredServer['launch']): Observation<'declared-server'> {
  const nothing = { project: null, command: null, args: [], env: {}, urlSecrets: [], headers: {}, other: {} }
  const entry = { client: 'cursor', scope: 'user', path: '/mcp.json', name: 'x', transport: 'stdio' } as const
  const facts = { ...nothing, ...entry, url: null, cwd: null, disabled: false, autoApprove: [], launch }
  return { kind: 'declared-server', subject, state: 'seen', facts }
}

function resolved(
  facts: Pick<ResolvedPackage, 'name' | 'ecosystem'>,
  ...names: string[]
): Observation<'resolved-package'> {
  const components = names.map(
    (name) => ({ ecosystem: 'npm', name, version: '1.0.0', path: name, digest: null }) as const,
  )
  const copy = { where: 'local', root: '/x', version: null, cacheKey: null, requested: null, engines: null } as const
  const installed = [{ ...copy, digest: null, components, problems: [] }]
  return {
    kind: 'resolved-package',
    subject,
    state: 'seen',
    facts: { ...facts, pinned: true, installed, wouldRun: 0, why: '' },
  }
}

test('what entries start, what is installed for them, each once', () => {
  const launch = {
    via: 'npx',
    ecosystem: 'npm',
    name: 'mcp-remote',
    requested: null,
    pinned: false,
    packages: ['mcp-remote', '@scope/extra@^1.2'],
  } as const
  const { direct, all } = fleetPackages(
    [
      declared({ ...launch, packages: [...launch.packages] }),
      declared({ via: 'remote' }),
      { kind: 'declared-server', subject, state: 'unavailable', code: 'malformed', reason: '' },
    ],
    [
      resolved({ name: 'mcp-remote', ecosystem: 'npm' }, 'mcp-remote', 'express'),
      resolved({ name: 'ghcr.io/x', ecosystem: 'oci' }),
      resolved({ name: 'server.js', ecosystem: 'none' }),
      { kind: 'resolved-package', subject, state: 'absent', reason: '' },
    ],
  )
  expect(direct.map((one) => one.name)).toEqual(['@scope/extra', 'mcp-remote'])
  expect(all.map((one) => one.name)).toEqual(['@scope/extra', 'express', 'mcp-remote'])
})

test.each([
  ['mcp-remote@0.1.15', 'mcp-remote'],
  ['@scope/name@^1.2', '@scope/name'],
  ['@scope/name', '@scope/name'],
  ['mcp-server-fetch==2025.4.7', 'mcp-server-fetch'],
  ['mcp[cli]>=1.2', 'mcp'],
  ['name ; python_version > "3"', 'name'],
  ['', ''],
])('%s asks for %s', (request, name) => {
  expect(nameInRequest(request)).toBe(name)
})

test('packages of a distribution are asked about by source and release; without a release they are not', () => {
  const libssl = {
    ecosystem: 'deb',
    name: 'libssl3',
    version: '3.0.11-1+b1',
    path: 'var/lib/dpkg/status',
    digest: null,
    builtFrom: { name: 'openssl', version: '3.0.11-1' },
  } as const
  const image = resolved({ name: 'acme/server', ecosystem: 'oci' }, 'express')
  const of = (system?: { distribution: string | null; says: string }) => {
    if (image.state !== 'seen') throw new Error('not seen')
    const installed = image.facts.installed.map((copy) => ({
      ...copy,
      ...(system === undefined ? {} : { system }),
      components: [...copy.components, libssl],
    }))
    return fleetPackages([], [{ ...image, facts: { ...image.facts, installed } }]).all
  }
  const express = { ecosystem: 'npm', name: 'express' }
  expect(of({ distribution: 'Debian:12', says: 'debian 12' })).toEqual([
    { ecosystem: 'Debian:12', name: 'openssl' },
    express,
  ])
  expect(of({ distribution: null, says: 'raspbian 12' })).toEqual([express])
  expect(of()).toEqual([express])
})
