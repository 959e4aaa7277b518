import type { ChangeInput } from '@upkeep/contract/change'
import type { Coverage, Item, ReportModel } from './report-model.ts'

/** The report as a person reads it: paths below the home that was looked at begin with `~`. Evidence keeps whole paths. */
export function homeAsTilde(model: ReportModel): ReportModel {
  const { home } = model
  if (home === null || home.length < 2) return model
  function shown(text: string): string {
    return tilde(text, home ?? '')
  }
  return {
    ...model,
    coverage: shownCoverage(model.coverage, shown),
    items: model.items.map((item) => shownItem(item, shown)),
    unknowns: model.unknowns.map((group) => ({ ...group, reason: shown(group.reason) })),
  }
}

type Shown = (text: string) => string

function shownCoverage(coverage: Coverage, shown: Shown): Coverage {
  return {
    ...coverage,
    servers: coverage.servers.map((server) => ({
      ...server,
      path: shown(server.path),
      launches: shown(server.launches),
      why: shown(server.why),
    })),
    unreadable: coverage.unreadable.map((one) => ({
      ...one,
      subject: { ...one.subject, id: shown(one.subject.id) },
      reason: shown(one.reason),
    })),
    problems: coverage.problems.map((one) => ({ ...one, path: shown(one.path) })),
  }
}

function shownItem(item: Item, shown: Shown): Item {
  return {
    ...item,
    summary: shown(item.summary),
    action: shown(item.action),
    limits: item.limits.map(shown),
    changes: item.changes.map((change): ChangeInput => ({ ...change, path: shown(change.path) })),
  }
}

const partOfPath = /[\w.~/\\-]/

/** The text with `~` for the home. Only whole folders: `/home/ada` is no part of `/home/adam`, nor of `/srv/home/ada`. */
export function tilde(text: string, home: string): string {
  if (home.length < 2) return text
  return text
    .split(home)
    .reduce(
      (before, after) =>
        before + (partOfPath.test(before.at(-1) ?? ' ') || !/^(?:[/\\]|$|[^\w.-])/.test(after) ? home : '~') + after,
    )
}
