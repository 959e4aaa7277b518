/** A third party, and the signs by which an entry names it. */
export interface Vendor {
  id: string
  title: string
  /** Its domains: every name below one counts. */
  hosts: readonly string[]
  /** Beginnings of names of variables. */
  variables: readonly string[]
  packages: readonly string[]
  /** Kinds of token, by the names that redaction gives them. */
  secrets: readonly string[]
}

/** The vendor whose domain a host is, or lies below: `api.github.com`, not `github.com.example`. */
export function vendorOfHost(vendors: readonly Vendor[], host: string): Vendor | null {
  const name = host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
  return vendors.find(({ hosts }) => hosts.some((own) => name === own || name.endsWith(`.${own}`))) ?? null
}

/** The vendor that the name of a variable begins with. */
export function vendorOfVariable(vendors: readonly Vendor[], variable: string): Vendor | null {
  const name = variable.toUpperCase()
  return vendors.find(({ variables }) => variables.some((start) => name.startsWith(start))) ?? null
}

/** The vendor that a package was made to talk to. */
export function vendorOfPackage(vendors: readonly Vendor[], name: string): Vendor | null {
  return vendors.find(({ packages }) => packages.includes(name)) ?? null
}

/** The vendor that issues a kind of token. */
export function vendorOfSecret(vendors: readonly Vendor[], kind: string): Vendor | null {
  return vendors.find(({ secrets }) => secrets.includes(kind)) ?? null
}
