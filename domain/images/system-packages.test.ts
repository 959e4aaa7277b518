import { describe, expect, test } from 'vitest'
import { apkInstalled, dpkgStatus } from './system-packages.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const apk = (text: string) => apkInstalled(bytes(text))
const dpkg = (text: string) => dpkgStatus(bytes(text))

describe('the list of apk', () => {
  test('names each package, and its source where that is another', () => {
    const text = 'C:Q1x=\nP:libcrypto3\nV:3.1.4-r1\nA:x86_64\no:openssl\nF:lib\n\nP:musl\nV:1.2.4-r2\n\n'
    expect(apk(text)).toEqual({
      unread: 0,
      packages: [
        { name: 'libcrypto3', version: '3.1.4-r1', builtFrom: { name: 'openssl', version: '3.1.4-r1' } },
        { name: 'musl', version: '1.2.4-r2', builtFrom: { name: 'musl', version: '1.2.4-r2' } },
      ],
    })
  })

  test('counts what cannot be read', () => {
    expect(apk('P:a b\nV:1\n\nP:c\n\nV:1\n\nP:ok\nV:1-r0\n')).toMatchObject({ unread: 3, packages: [{ name: 'ok' }] })
    expect(apk('P:a\nV:1-r0\n\n'.repeat(20_010))).toMatchObject({ unread: 11 })
  })
})

describe('the list of dpkg', () => {
  const one = (more: string) => dpkg(`Package: libssl3\nStatus: install ok installed\n${more}`).packages[0]

  test.each([
    ['Version: 3.0.11-1', 'libssl3', '3.0.11-1'],
    ['Source: openssl\nVersion: 3.0.11-1', 'openssl', '3.0.11-1'],
    ['Source: openssl\nVersion: 3.0.11-1+b2', 'openssl', '3.0.11-1'],
    ['Source: gcc-12 (12.2.0-14)\nVersion: 1:12.2.0-14+b1', 'gcc-12', '12.2.0-14'],
  ])('%j is built from %s %s', (text, name, version) => {
    expect(one(text)?.builtFrom).toEqual({ name, version })
  })

  test.each([
    ['install ok installed', 1],
    ['hold ok installed', 1],
    ['install ok half-configured', 1],
    ['install ok unpacked', 1],
    ['deinstall ok config-files', 0],
    ['purge ok not-installed', 0],
  ])('%s: %i', (status, there) => {
    expect(dpkg(`Package: x\nStatus: ${status}\nVersion: 1\n`).packages).toHaveLength(there)
  })

  test('lines of a description are none of its fields', () => {
    const text = 'Package: x\nVersion: 1\nDescription: a\n Package: y\n Version: 2\n .\n more\n'
    expect(dpkg(text)).toMatchObject({ unread: 0, packages: [{ name: 'x', version: '1' }] })
  })
})
