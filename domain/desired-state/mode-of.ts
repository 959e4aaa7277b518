import type { DesiredMode } from '@upkeep/contract/upkeep-file'

/** What is done about one server that is not as it shall be. The folders of `places` are absolute. */
export function modeOf(
  modes: readonly DesiredMode[],
  {
    name,
    client,
    path,
  }: { name: string; client: DesiredMode['clients'] extends (infer C)[] | undefined ? C : never; path: string },
): DesiredMode['mode'] {
  const fitting = modes.find(
    ({ servers, clients, places }) =>
      (servers === undefined || servers.includes(name)) &&
      (clients === undefined || clients.includes(client)) &&
      (places === undefined || places.some((folder) => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`))),
  )
  return fitting?.mode ?? 'observe'
}
