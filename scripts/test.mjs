/**
 * `npm test [-- STAGE …] [-- FILE or option …]`: every check, the quick ones first, up to the first
 * stage that fails.
 *
 *   npm test                                  all stages
 *   npm test -- types lint unit               some stages
 *   npm test -- src/kube/quantity.spec.ts     one spec; its stage follows from its name
 *   npm test -- e2e -g "attach a disk"        one stage, the rest being for its runner
 *   npm test -- --keep-going                  all stages, also after one that fails
 *
 * The end names each failed test with the first lines of why, for who sees only the end of a log.
 * The last line counts the tests of all runners; a stage that fails without a failed test, such as
 * lint, counts as one.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

import { checkNode, installDependencies } from './dependencies.mjs'

/** Of each failed test, at the end. */
const whyLines = 10

const root = fileURLToPath(new URL('..', import.meta.url))
const node = process.execPath

/** In the order in which they run. `counts` names the runner whose results are added up. */
const stages = {
  types: { command: ['tsc', '-b'] },
  lint: { command: ['oxlint', '--type-aware', '--deny-warnings'] },
  format: { command: ['oxfmt', '--check'] },
  deadcode: { command: ['knip', '--treat-config-hints-as-errors'] },
  notices: { command: [node, 'scripts/notices.mjs', '--check'] },
  unit: vitest('unit', 'unit', 'web', 'components'),
  build: { command: [node, 'scripts/build.mjs'] },
  budgets: { command: ['size-limit'], needs: ['build'] },
  conformance: { ...vitest('conformance', 'conformance'), needs: ['build'] },
  qemu: vitest('qemu', 'qemu'),
  e2e: { command: ['playwright', 'test'], counts: countPlaywright, needs: ['build'] },
}

function vitest(name, ...projects) {
  const results = `.cache/${name}-results.json`
  const command = ['vitest', 'run', ...projects.flatMap((project) => ['--project', project])]
  command.push('--reporter=default', '--reporter=json', `--outputFile.json=${results}`)
  return { command, results, counts: countVitest }
}
stages.e2e.results = '.cache/e2e-results.json'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

async function main(args) {
  checkNode()
  const { names, passed, keepGoing } = readArguments(args)
  await installDependencies()
  mkdirSync(join(root, '.cache'), { recursive: true })
  if (names.includes('e2e')) {
    await (await import('./chromium.mjs')).ensureChromium()
    const { installRdpServers, whyNoRdpServers } = await import('./rdp-servers.mjs')
    installRdpServers()
    const why = whyNoRdpServers()
    if (why !== undefined) console.log(`The tests of RDP will be skipped. ${why}`)
  }

  const total = { passed: 0, failed: 0, skipped: 0 }
  const lines = []
  const failures = []
  const failed = new Set()
  for (const name of names) {
    const stage = stages[name]
    if (stage.needs?.some((needed) => failed.has(needed))) {
      failed.add(name)
      lines.push(`not run ${name}`)
      continue
    }
    if (stage.results) rmSync(join(root, stage.results), { force: true })
    const start = performance.now()
    const isOk = await run(stage, stage.counts ? passed : [])
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const counts = stage.counts ? readResults(stage) : { passed: 0, failed: 0, skipped: 0 }
    failures.push(...(counts.failures ?? []))
    if (!isOk && counts.failed === 0) counts.failed = 1
    for (const key of Object.keys(total)) total[key] += counts[key]
    const tests = stage.counts ? `  ${describe(counts)}` : ''
    lines.push(`${isOk ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)}${seconds.padStart(6)} s${tests}`)
    console.log(lines.at(-1))
    if (!isOk) failed.add(name)
    if (!isOk && !keepGoing) {
      const left = names.slice(names.indexOf(name) + 1)
      if (left.length) lines.push(`not run ${left.join(', ')}`)
      break
    }
  }
  if (names.length > 1) console.log(`\n${lines.join('\n')}`)
  for (const { title, message } of failures) {
    const why = stripVTControlCharacters(message)
      .split('\n')
      .filter((line) => line.trim() !== '')
    console.log(`\n✘ ${title}\n${why.slice(0, whyLines).join('\n')}`)
  }
  console.log(describe(total))
  return total.failed === 0 ? 0 : 1
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
}

/** Stage names come first; what follows is for the runners of the chosen stages. */
function readArguments(args) {
  const all = Object.keys(stages)
  const keepGoing = args.includes('--keep-going')
  const rest = args.filter((argument) => argument !== '--keep-going')
  const at = rest.findIndex((argument) => !all.includes(argument))
  const passed = at < 0 ? [] : rest.slice(at)
  const chosen = new Set(at < 0 ? rest : rest.slice(0, at))
  if (chosen.size === 0 && passed.length) {
    for (const argument of passed) {
      const stage = stageOfFile(argument)
      if (stage) chosen.add(stage)
    }
    if (chosen.size === 0) {
      throw new Error(`${passed[0]} is neither a stage (${all.join(', ')}) nor a test file`)
    }
  }
  for (const name of chosen) for (const needed of stages[name].needs ?? []) chosen.add(needed)
  return { names: all.filter((name) => !chosen.size || chosen.has(name)), passed, keepGoing }
}

function stageOfFile(file) {
  if (file.endsWith('.e2e.ts')) return 'e2e'
  if (file.endsWith('.conformance.spec.ts')) return 'conformance'
  if (file.endsWith('.qemu.spec.ts')) return 'qemu'
  return /\.spec\.tsx?$/.test(file) ? 'unit' : undefined
}

/** Runs a stage's command. Tests tell how they go; other checks speak only when they fail. */
function run({ command: [program, ...args], counts }, passed) {
  return new Promise((resolve, reject) => {
    const bin = join(root, 'node_modules/.bin')
    const child = spawn(program, [...args, ...passed], {
      cwd: root,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
      stdio: counts ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (output += text))
    }
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) process.stdout.write(output)
      resolve(code === 0)
    })
  })
}

function readResults(stage) {
  try {
    return stage.counts(JSON.parse(readFileSync(join(root, stage.results), 'utf8')))
  } catch {
    // The runner ended before it wrote any; its own words are above.
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

function countVitest({
  numPassedTests,
  numFailedTests,
  numPendingTests,
  numTodoTests,
  testResults,
}) {
  const failures = testResults.flatMap(({ assertionResults, message }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0 && message) return [{ title: 'a file of specs', message }]
    return failed.map(({ fullName, failureMessages }) => ({
      title: fullName,
      message: failureMessages.join('\n'),
    }))
  })
  return {
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
    failures,
  }
}

function countPlaywright({ stats, suites }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failures: suites.flatMap(failuresOfSuite),
  }
}

function failuresOfSuite({ specs = [], suites = [] }) {
  const failed = specs
    .filter(({ ok }) => !ok)
    .map(({ title, file, line, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors))
      const message = errors
        .map(({ message, location }) => `${location ? `line ${location.line}: ` : ''}${message}`)
        .join('\n')
      return { title: `${file}:${line} ${title}`, message }
    })
  return [...failed, ...suites.flatMap(failuresOfSuite)]
}
