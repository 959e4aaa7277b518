/** A release of a Linux distribution by the name that OSV gives it: `Debian:12`, `Alpine:v3.20`. Its packages are named by their source package. */
export type Distribution = `Debian:${string}` | `Ubuntu:${string}` | `Alpine:${string}` | 'Wolfi' | 'Chainguard'

const forms = {
  Debian: /^Debian:(\d{1,3})$/,
  Ubuntu: /^Ubuntu:(\d\d\.\d\d(?::LTS)?)$/,
  Alpine: /^Alpine:(v\d{1,3}\.\d{1,3})$/,
} as const

/** The release by OSV's name for it; null where its packages cannot be put in order here, or no release is named. */
export function knownDistribution(name: string): Distribution | null {
  if (name === 'Wolfi' || name === 'Chainguard') return name
  const debian = forms.Debian.exec(name)?.[1]
  if (debian !== undefined) return `Debian:${debian}`
  const ubuntu = forms.Ubuntu.exec(name)?.[1]
  if (ubuntu !== undefined) return `Ubuntu:${ubuntu}`
  const alpine = forms.Alpine.exec(name)?.[1]
  return alpine === undefined ? null : `Alpine:${alpine}`
}

/** The distribution alone: `Debian` of `Debian:12`. */
export function distributionOf(ecosystem: string): string {
  return ecosystem.split(':')[0] ?? ecosystem
}

/** Which tool puts its packages there, and thereby how their versions are ordered. */
export function packagedAs(distribution: Distribution): 'deb' | 'apk' {
  return distribution.startsWith('Debian:') || distribution.startsWith('Ubuntu:') ? 'deb' : 'apk'
}

/** The distribution in a package URL: its namespace, and `debian-12`, `alpine-3.20`; rolling ones have no release. */
export function distroOfUrl(distribution: Distribution): { namespace: string; distro: string } {
  const [name = '', release = ''] = distribution.toLowerCase().split(':')
  return { namespace: name, distro: release === '' ? name : `${name}-${release.replace(/^v/, '')}` }
}
