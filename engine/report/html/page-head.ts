import { contentPolicy } from './content-policy.ts'
import { type Markup, markup } from './markup.ts'
import { styleSheet } from './style.ts'

/** What each page begins with, up to its body: it asks nobody for anything, says where it is read from to nobody, and carries its own style. */
export function pageHead(title: string): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ html: styleSheet }}</style>
</head>`
}
