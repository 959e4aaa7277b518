import { installedServer } from './installed-server.ts'

/** The script of the pinned server-everything; null where the registry is out of reach. */
export async function installedEverything(): Promise<string | null> {
  return (await installedServer('everything', '2026.8.31'))?.script ?? null
}
