import { type Assessment, defineDuty, need, optional } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import { z } from 'zod'
import { judgeBind } from './judge-bind.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { judgeControls } from './judge-controls.ts'
import { judgeLiveness } from './judge-liveness.ts'
import { type Rules, rules } from './rules.ts'

const notCovered = [
  'sandbox and egress: they are tried on the bytes of a server, by upkeep prove',
  'backup, feed freshness and the approval gate',
]

export const healthChecks = defineDuty({
  id: 'health-checks',
  version: 2,
  heading: 'Daily Operations',
  title: 'Health Checks',
  summary:
    'Tries whether the controls in front of a live server would stop an attack today, and whether it answers at all.',
  cadence: 'daily',
  scope: 'server',
  adoptedBy: ['solo', 'team', 'enterprise'],
  needs: {
    declared: need('declared-server'),
    endpoint: optional('endpoint'),
    listener: optional('listener'),
    probes: optional('control-probes'),
  },
  params: z.object({
    certificateDays: z
      .int()
      .min(1)
      .max(366)
      .default(21)
      .describe('How many days before its end a certificate is named'),
  }),
  rules,
  assess({ seen, subject, params, at }): Assessment<Rules> {
    const nothing = { findings: [], unknowns: [], passes: [], notCovered }
    if (seen.declared.state === 'unavailable') return nothing
    if (seen.declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    const { transport, url } = seen.declared.facts
    if (transport === 'stdio') {
      return {
        ...nothing,
        notApplicable: 'the client starts this server itself and talks to it over stdio: there is no endpoint to try',
      }
    }
    if (url === null) return { ...nothing, unknowns: ['the entry has no address that can be read as a URL'] }
    const live = judgeLiveness(seen.endpoint)
    const certificate = judgeCertificate(seen.endpoint, { name: subject.name, at, days: params.certificateDays })
    const bind = judgeBind(seen.listener, seen.probes, { url, name: subject.name })
    const exposed = bind.findings.length > 0 || !isLoopbackUrl(url)
    const controls = judgeControls(seen.probes, { name: subject.name, exposed })
    return {
      findings: [...bind.findings, ...controls.findings, ...certificate.findings],
      unknowns: [...live.unknowns, ...bind.unknowns, ...controls.unknowns],
      passes: [...live.passes, ...bind.passes, ...controls.passes, ...certificate.passes],
      notCovered: [...notCovered, ...bind.notCovered, ...controls.notCovered],
    }
  },
})
