import type { Place } from '@upkeep/contract/place'
import { joinPath } from './join-path.ts'

/** Files of clients that name servers and declare none: Claude Code's settings of a user and of single projects. */
export function settingsFiles({ home, env, projects }: Place): string[] {
  const own = env.CLAUDE_CONFIG_DIR
  const folder = own?.startsWith('/') === true ? own : joinPath(home, '/.claude')
  const folders = [folder, ...projects.map((project) => joinPath(project, '/.claude'))]
  return folders.flatMap((each) => ['/settings.json', '/settings.local.json'].map((name) => joinPath(each, name)))
}
