import type { ClientFormat } from './client-format.ts'
import { claudeCode } from './clients/claude-code.ts'
import { claudeDesktop } from './clients/claude-desktop.ts'
import { cline } from './clients/cline.ts'
import { codex } from './clients/codex.ts'
import { continueDev } from './clients/continue.ts'
import { cursor } from './clients/cursor.ts'
import { geminiCli } from './clients/gemini-cli.ts'
import { jetbrains } from './clients/jetbrains.ts'
import { lmStudio } from './clients/lm-studio.ts'
import { rooCode } from './clients/roo-code.ts'
import { vscode } from './clients/vscode.ts'
import { windsurf } from './clients/windsurf.ts'
import { zed } from './clients/zed.ts'

/** Every client whose files are read. A file of two clients belongs to the first that lists it. */
export const clientList: readonly ClientFormat[] = [
  claudeDesktop,
  claudeCode,
  cursor,
  vscode,
  windsurf,
  codex,
  geminiCli,
  zed,
  cline,
  rooCode,
  continueDev,
  jetbrains,
  lmStudio,
]
