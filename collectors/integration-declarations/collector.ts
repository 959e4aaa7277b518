import { defineCollector, type Facts, type Observation, type Settings } from '@upkeep/contract'
import { type DeclaredIntegrations, describeIntegrations } from '@upkeep/domain/integrations/describe-integrations'
import { readVendors } from './read-vendors.ts'
import { withSharing } from './with-sharing.ts'

type Declared = Observation<'declared-server'> & { state: 'seen' }

/** Whom each server talks to by its declaration, with which credentials, over which data, and who answers for it. Nobody is asked. */
export const integrationDeclarations = defineCollector({
  id: 'integration-declarations',
  version: 1,
  title: 'Third parties behind each server',
  sees: ['integrations'],
  per: 'fleet',
  reaches: ['files'],
  after: ['declared-server', 'endpoint'],
  timeoutSeconds: 60,
  async collect({ prior, ports, settings }) {
    const servers = prior['declared-server'].filter((one): one is Declared => one.state === 'seen')
    const vendors = readVendors(settings.vendors ?? [], ports.files)
    if (typeof vendors === 'string') return servers.map(({ subject }) => without(subject, vendors))
    const hosts = metadataHosts(prior.endpoint)
    const described = servers.map(({ subject, facts }) => ({
      subject,
      facts: withStatement(describeIntegrations(facts, vendors, hosts.get(subject.id) ?? null), settings.servers ?? []),
    }))
    return withSharing(described).map(({ subject, facts }): Observation<'integrations'> => {
      return { kind: 'integrations', subject, state: 'seen', facts }
    })
  },
})

function without(subject: Declared['subject'], reason: string): Observation<'integrations'> {
  return { kind: 'integrations', subject, state: 'unavailable', code: 'not-configured', reason }
}

/** Where each endpoint said that its authorization is described. */
function metadataHosts(endpoints: readonly Observation<'endpoint'>[]): Map<string, string> {
  const hosts = new Map<string, string>()
  for (const one of endpoints) {
    const url = one.state === 'seen' ? one.facts.authentication.resourceMetadata : null
    if (url !== null && URL.canParse(url)) hosts.set(one.subject.id, new URL(url).host.slice(0, 253))
  }
  return hosts
}

/** What `upkeep.yaml` states of a server, by the name of its entry; a later statement of the same name adds to an earlier one. */
function withStatement(
  facts: DeclaredIntegrations,
  statements: NonNullable<Settings['servers']>,
): Omit<Facts<'integrations'>, 'shared'> {
  const stated = statements.filter(({ name }) => name === facts.name)
  return {
    ...facts,
    owner: stated.findLast(({ owner }) => owner !== undefined)?.owner ?? null,
    ownership: stated.findLast(({ ownership }) => ownership !== undefined)?.ownership ?? null,
    rotatedAt: stated.findLast(({ rotated }) => rotated !== undefined)?.rotated ?? null,
  }
}
