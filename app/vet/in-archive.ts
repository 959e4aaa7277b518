import type { ReportModel } from '@upkeep/engine/report/report-model'

/** Where each kind of candidate is put below its home; the rest of a path is its path in the archive. */
const laidOut =
  '(?:\\.npm/_npx/[0-9a-f]{16}(?:/node_modules)?|\\.config/Claude/Claude Extensions/bundle|\\.local/share/uv/tools/[^/\\s,]{1,200}(?:/lib/python[\\d.]{1,8}/site-packages)?)'

/**
 * The report in words that hold once the home in which a candidate was judged is gone: what lay in it is named by its place in the archive.
 * Facts of findings keep their paths, for programs.
 */
export function inArchive(model: ReportModel, home: string): ReportModel {
  const place = new RegExp(`${escaped(home)}/${laidOut}(?:/([^\\s,;:)]{1,1000}))?`, 'g')
  const said = (text: string) =>
    text.replace(place, (_, path: unknown) => (typeof path === 'string' ? `the archive (${path})` : 'the archive'))
  return {
    ...model,
    items: model.items.map((item) => ({
      ...item,
      summary: said(item.summary),
      action: said(item.action),
      findings: item.findings.map((finding) => {
        const { statement } = finding
        return {
          ...finding,
          statement: { ...statement, summary: said(statement.summary), action: said(statement.action) },
        }
      }),
    })),
    unknowns: model.unknowns.map((group) => ({ ...group, reason: said(group.reason) })),
  }
}

function escaped(path: string): string {
  return path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
