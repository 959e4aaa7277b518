import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ReportModel } from '@upkeep/engine/report/report-model'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { Context } from './context.ts'

/** Where else a report is written, when asked. */
export const reportFileInput = {
  html: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Write the HTML report to this file too', valueName: 'file', local: true }),
  sarif: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Write SARIF 2.1.0 to this file', valueName: 'file', local: true }),
}

/** How many verdicts of the HTML report carry the bytes that they rest on. */
export const bodiesInHtml = 200

/** Writes the HTML report into the state folder, and whatever was asked for. Returns the path to open. */
export async function writeReportFiles(
  context: Context,
  model: ReportModel,
  asked: { html?: string | undefined; sarif?: string | undefined; project?: readonly string[] | undefined },
): Promise<string> {
  const { renderHtml } = await import('@upkeep/engine/report/html/page')
  const html = renderHtml(model)
  const own = join(context.stateDir, 'report.html')
  await writeFile(own, html)
  if (asked.html !== undefined) await writeFile(resolve(context.machine.cwd, asked.html), html)
  if (asked.sarif !== undefined) {
    const { renderSarif } = await import('@upkeep/engine/report/sarif')
    const { cwd } = context.machine
    await writeFile(resolve(cwd, asked.sarif), `${renderSarif(model, rootOf(cwd, asked.project ?? []))}\n`)
  }
  return own
}

/** The folder that a pipeline checked out: the one project, or the folder it stands in where there are several. */
function rootOf(cwd: string, projects: readonly string[]): string | null {
  const [first, ...more] = projects
  if (first === undefined) return null
  return more.length === 0 ? resolve(cwd, first) : cwd
}

/** Readable by its owner alone: a report says where the weak places are. */
async function writeFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, text, { mode: 0o600 })
}
