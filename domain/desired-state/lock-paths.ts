/** What stands in a lock for folders that are elsewhere on another machine. Neither can begin a path that somebody has. */
export interface LockFolders {
  home: string
  /** The folder in which the lock lies. */
  here: string
}

/** A text with the home or the lock's own folder taken out of it, where one of its paths lies there. */
export function portable(text: string, { home, here }: LockFolders): string {
  const inHere = here === home ? text : withFolder(text, here, '<here>')
  return withFolder(inHere, home, '<home>')
}

/** The text as it is on this machine. */
export function onThisMachine(text: string, { home, here }: LockFolders): string {
  return text.replace(/^(-[^=]{0,200}=)?<(home|here)>(?=\/|$)/, (_, flag, which) => {
    return `${flag ?? ''}${which === 'home' ? home : here}`
  })
}

/** Only whole folders, at the beginning or behind `--flag=`: a path in the middle of a text is nobody's to understand. */
function withFolder(text: string, folder: string, mark: string): string {
  if (folder === '' || folder === '/') return text
  const flag = /^-[^=]{0,200}=/.exec(text)?.[0] ?? ''
  const path = text.slice(flag.length)
  return path === folder || path.startsWith(`${folder}/`) ? `${flag}${mark}${path.slice(folder.length)}` : text
}
