/** Runs a program that may hang, as apt does when a server accepts and never answers. */
import { spawn } from 'node:child_process'

const pollMs = 250
const stallMs = 20_000
const keptOutputBytes = 1 << 20

export interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Written to its standard input, which then ends. */
  input?: string
  signal: AbortSignal
  /** A number that changes while the program gets on, e.g. bytes written; polled. */
  progress?: () => Promise<number>
  /** Exit codes other than 0 are returned instead of thrown. */
  tolerant?: boolean
}

export interface RunResult {
  code: number
  stdout: string
  stderr: string
}

/**
 * Runs a program in a process group of its own, and kills the group when `signal` aborts or
 * neither output nor `progress` changed for 20 s. Rejects with what the program wrote to stderr
 * when it fails, and with code ENOENT when it doesn't exist.
 */
export function run(command: string, args: string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, input = '', signal, progress, tolerant } = options
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const child = spawn(command, args, {
      detached: true,
      stdio: 'pipe',
      env: env ?? process.env,
      ...(cwd === undefined ? {} : { cwd }),
    })
    let stdout = ''
    let stderr = ''
    let failure: Error | undefined
    let lastChange = Date.now()
    let lastProgress = 0

    const killGroup = (reason: Error) => {
      failure ??= reason
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // The group has ended by itself.
      }
    }
    const onAbort = () => killGroup(new Error(`${command} was interrupted`))
    // Node ends without closing anything when it is told to exit; apt must not go on alone.
    const onExit = () => onAbort()
    signal.addEventListener('abort', onAbort)
    process.on('exit', onExit)
    const watchdog = setInterval(() => {
      void progress?.().then(
        (value) => {
          if (value !== lastProgress) lastChange = Date.now()
          lastProgress = value
        },
        // What is measured may not exist yet.
        () => {},
      )
      if (Date.now() - lastChange > stallMs) {
        killGroup(new Error(`${command} ${args.at(-1) ?? ''} made no progress for 20 s`))
      }
    }, pollMs)

    // A program that doesn't read its input may have closed it.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.stdout.on('data', (data: Buffer) => {
      lastChange = Date.now()
      stdout += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      lastChange = Date.now()
      stderr = (stderr + data.toString()).slice(-keptOutputBytes)
    })
    const finish = () => {
      clearInterval(watchdog)
      signal.removeEventListener('abort', onAbort)
      process.off('exit', onExit)
    }
    child.on('error', (error) => {
      finish()
      reject(error)
    })
    child.on('close', (exitCode, killedBy) => {
      finish()
      const code = exitCode ?? 128
      if (failure) reject(failure)
      else if (code !== 0 && !tolerant) {
        const detail = stderr.trim() || stdout.trim().slice(-500) || killedBy || `exit code ${code}`
        reject(new Error(`${command} failed: ${detail}`))
      } else resolve({ code, stdout, stderr })
    })
  })
}
