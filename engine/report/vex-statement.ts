import type { Acceptance } from '@upkeep/contract/finding'
import type { Subject } from '@upkeep/contract/subject'
import { packageUrl } from '@upkeep/domain/purl'
import { knownEcosystem } from '@upkeep/domain/versions/version-order'

/** The vulnerability that a statement is about, as its record calls it. Texts are the record's own. */
export interface VexVulnerability {
  id: string
  aliases: readonly string[]
  says: string
  references: readonly string[]
  severity: 'critical' | 'high' | 'medium' | 'low' | 'unknown'
  feed: string
}

/** What is stated of one vulnerability in one version of one package, and for which servers. */
export interface VexStatement {
  vulnerability: VexVulnerability
  ecosystem: string
  name: string
  version: string
  purl: string | null
  servers: Subject[]
  /** `fixed`: the version has the fix. `not-affected`: it lies outside for another reason, mostly since it is older than the hole. */
  status: 'affected' | 'fixed' | 'not-affected' | 'under-investigation'
  why: string
  /** What to do; empty where nothing is to be done. */
  action: string
  /** Whether a fixed version is named. */
  fixed: boolean
  acceptance: Acceptance | null
}

/** The databases of vulnerabilities whose ids others can look up. */
const wellKnown =
  /^(?:A|ALAS2?|ALBA|ALEA|ALPINE|ALSA|ASB-A|BELL|BIT|CGA|CURL|CVE|DEBIAN|DLA|DSA|DTSA|ELSA|EUVD|GHSA|GO|GSD|HSEC|JVNDB|KUBE|LSN|MAL|MGASA|OESA|OSV|PSF|PUB-A|PYSEC|RHBA|RHEA|RHSA|RLSA|RSEC|RUSTSEC|RXSA|SNYK|SUSE|UBUNTU|USN|V8|openSUSE)-[\w:.-]{1,200}$/

/**
 * The name that most tools know it by first: the CVE where there is one. Of its other names those of well-known databases: the page of
 * anyone is no alias that a reader could look up.
 */
export function byCve<Named extends Pick<VexVulnerability, 'id' | 'aliases'>>(vulnerability: Named): Named {
  const names = [vulnerability.id, ...vulnerability.aliases]
  const id = names.find((name) => /^CVE-\d{4}-\d{4,19}$/.test(name)) ?? vulnerability.id
  return { ...vulnerability, id, aliases: [...new Set(names)].filter((name) => name !== id && wellKnown.test(name)) }
}

/** The package's URL where its ecosystem is one whose versions are known here. */
export function urlOf(ecosystem: string, name: string, version: string): string | null {
  const known = knownEcosystem(ecosystem)
  return known === null ? null : packageUrl(known, name, version)
}

/** `in fs, crm and 3 more`. */
export function whereWords({ servers }: VexStatement): string {
  const names = servers.slice(0, 10).map((one) => one.name)
  const left = servers.length - names.length
  return `in ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

/** What an acceptance says, with its owner and its end. */
export function acceptanceWords({ signer, until, reason }: Acceptance): string {
  return `Accepted by ${signer.person} until ${until.slice(0, 10)}: ${reason}`
}
