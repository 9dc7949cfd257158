/**
 * Names, labels, annotations, events and what guests say come from people who may wish harm. React
 * shows all of it as text; these are the ways around that, and none is taken.
 */
import { readdirSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

const ways = {
  'HTML out of text':
    /dangerouslySetInnerHTML|\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|document\.write|createContextualFragment|parseFromString\([^)]*html|srcDoc|setHTMLUnsafe/,
  'code out of text': /\beval\(|new Function\(|set(?:Timeout|Interval)\(\s*['"`]|javascript:/,
  'a token where scripts find it': /localStorage[^\n]*[tT]oken|sessionStorage[^\n]*[tT]oken/,
}

/** @returns `file:line` of each place in the text */
function places(pattern: RegExp, file: string, text: string) {
  const lines = text.split('\n').map((line) => line.replace(/^\s*(?:\*|\/\/).*/, ''))
  return lines.flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}`] : []))
}

const files = ['src/web', 'src/kube'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.spec\.tsx?$/.test(name))
    .map((name) => `${root}/${name}`),
)

test.each(Object.entries(ways))('the page makes no %s', (_what, pattern) => {
  expect(files.length).toBeGreaterThan(500)
  expect(files.flatMap((file) => places(pattern, file, readFileSync(file, 'utf8')))).toEqual([])
})

test('addresses of links are built by the page, and what isn’t is judged', () => {
  // A link whose address is data: each has been looked at, and says why it is safe.
  const judged = ['src/web/features/upload/ProxyNotice.tsx']
  const outside = files.filter(
    (file) =>
      places(
        /href=\{`?\$?\{?(?:\w+\.)*(?:url|href|link|address)\b/i,
        file,
        readFileSync(file, 'utf8'),
      ).length,
  )
  expect(outside.filter((file) => !judged.includes(file))).toEqual([])
})
