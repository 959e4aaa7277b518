import { createHash } from 'node:crypto'

/** A package as it was published, with the digest that a registry states. */
export interface Published {
  name: string
  version: string
  integrity: string
}

export function publishedAs(name: string, version: string, bytes: string): Published {
  return { name, version, integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}` }
}

/** Where the digest of the bytes stands in a statement: in hexadecimal, worked out from the bytes themselves. */
function subjectOf({ name, version }: Published, bytes: string) {
  const sha512 = createHash('sha512').update(bytes).digest('hex')
  return [{ name: `pkg:npm/${name.replace('@', '%40')}@${version}`, digest: { sha512 } }]
}

export const provenanceType = 'https://slsa.dev/provenance/v1'
export const publishType = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1'

/** A provenance statement as GitHub Actions writes it for npm. */
export function provenanceOf(one: Published, bytes: string, repository = 'acme/one') {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjectOf(one, bytes),
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
        externalParameters: {
          workflow: {
            ref: 'refs/tags/v1.0.0',
            repository: `https://github.com/${repository}`,
            path: '.github/workflows/publish.yml',
          },
        },
      },
      runDetails: { builder: { id: 'https://github.com/actions/runner/github-hosted' } },
    },
  }
}

/** The statement by which npm attests that it published a version. */
export function publishOf(one: Published, bytes: string) {
  return {
    _type: 'https://in-toto.io/Statement/v0.1',
    subject: subjectOf(one, bytes),
    predicateType: publishType,
    predicate: { name: one.name, version: one.version, registry: 'https://registry.npmjs.org' },
  }
}
