import { z } from 'zod'
import { Instant } from '../time.ts'
import { DeclaredServer } from './declared-server.ts'
import { FileExposure } from './file-exposure.ts'
import { ResolvedPackage } from './resolved-package.ts'
import { ToolSurface } from './tool-surface.ts'

/** The state of one server that a person approved: the facts themselves, and who approved them when. Null parts were not seen then. */
export const ApprovedServer = z.strictObject({
  baseline: z.string(),
  approvedAt: Instant,
  approvedBy: z.string(),
  reason: z.string(),
  declared: DeclaredServer.nullable(),
  resolved: ResolvedPackage.nullable(),
  exposure: FileExposure.pick({ mode: true, uid: true, gid: true, realPath: true }).nullable(),
  /** What it listed. Nothing of it for states that were approved before surfaces were seen. */
  surface: ToolSurface.pick({ instructions: true, tools: true, prompts: true, resources: true, templates: true })
    .nullable()
    .default(null),
})
export type ApprovedServer = z.infer<typeof ApprovedServer>
