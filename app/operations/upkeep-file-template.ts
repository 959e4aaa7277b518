import type { ReportDuty } from '@upkeep/engine/report/report-model'

/** An `upkeep.yaml` in which nothing is set and everything is explained. */
export function upkeepFileTemplate(schemaPath: string, duties: readonly ReportDuty[]): string {
  const width = Math.max(0, ...duties.map((duty) => duty.id.length))
  const known = duties.map((duty) => `#   ${duty.id.padEnd(width)}  ${duty.cadence}`).join('\n')
  return `# yaml-language-server: $schema=${schemaPath}
# Settings of upkeep. Everything but the version may be left out. No secrets belong here, only references to them.
version: 1

# How many duties are adopted: solo, team or enterprise.
# profile: solo

# Folders that may hold project configuration (.mcp.json, .vscode/mcp.json …), relative to this file.
# projects:
#   - ../shop

# Endpoints that upkeep may connect to and try with harmless negative requests. Nothing else is ever tried.
# probe:
#   - url: http://127.0.0.1:3001/mcp
#     name: everything
#     token: env:MCP_TOKEN        # or file:/absolute/path
#     foreignToken: env:OTHER     # a token for another server: it must be refused
#     denied: [{ tool: delete-all }]   # calls that must be denied; they are made
#     log: { path: /var/log/gateway.log }   # where a denial must appear
#     burst: 100                  # how many requests may be made to find the rate limit

# Packed MCP bundles (.mcpb, .dxt) kept for a fleet: files, or folders of them. They are read, and unpacked to nowhere.
# bundles:
#   - /srv/bundles

# Advisories (OSV records), other feeds (KEV, EPSS, CVE records, STIX, CSAF) and packuments that were brought here.
# feeds:
#   osv:
#     - /srv/feeds/osv-npm.zip
#   sources:
#     - path: /srv/feeds/known_exploited_vulnerabilities.json
#       maxAgeDays: 7
#       key: ssh-ed25519 AAAA…      # must have signed it: ssh-keygen -Y sign -n file -f key file
#   registry:
#     - /srv/feeds/packuments.json

# When changes may be made; without windows, whenever they are approved. Days by a recurrence rule (RFC 5545), the time by the clock
# on the wall there. Freezes hold every change; a pair is never under change together.
# windows:
#   - { name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H, capacity: 4 }
# freezes:
#   - { from: '2026-12-20T00:00:00+01:00', until: '2027-01-04T00:00:00+01:00', why: holidays }
# dependencies:
#   - { servers: [gateway, gateway-2], why: one takes over from the other }

# Who takes part. Where people are named here, decisions take a person with the role.
# people:
#   - id: ada
#     name: Ada
#     roles: [operator, approver]

# Who is told of emergencies, changes and alarms, and how: mail, webhook, slack, teams, pagerduty. See docs/notifications.md.
# notify:
#   - { name: team, slack: env:SLACK_WEBHOOK }
#   - name: owners
#     mail: { owners: true }      # people by their "mail", who answer for the servers
#     from: upkeep@example.org
#     quiet: { from: '19:00', until: '07:00', zone: Europe/Berlin }
# heartbeat: { url: env:HEARTBEAT_URL }   # called after each good round: its silence is noticed elsewhere
# statusPage: { public: true }  # /status of "upkeep serve" without signing in

# Where changes get a ticket each: github, gitlab, jira, servicenow. A ticket decides nothing. See docs/tickets.md.
# tickets:
#   - { name: ours, github: owner/repository, token: env:GITHUB_TOKEN }

# By duty: whether it is adopted, how often, with which parameters. Installed:
${known}
# duties:
#   health-checks:
#     adopted: true
#     cadence: daily
`
}
