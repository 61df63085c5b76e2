import { reach } from '../connection/http.js'
import { NotewireError } from '../protocol/errors.js'
import { parseJson } from '../protocol/parse.js'
import { problemOfAnswer } from '../protocol/problem.js'
import { EventLines } from './eventlines.js'

/** Fetches an event stream and hands on what comes, until it ends. Rejects with a NotewireError; `beat` gets every piece. */
export async function stream(
  fetching: () => Promise<Response>, beat: () => void, data: (data: string) => void,
): Promise<void> {
  const answer = await reach(fetching)
  if (!answer.ok || !answer.body) {
    throw new NotewireError(problemOfAnswer(answer.status, parseJson(await reach(() => answer.text())), answer.headers.get('Retry-After')))
  }
  const reader = answer.body.getReader()
  const decoder = new TextDecoder()
  const lines = new EventLines(data)
  for (;;) {
    const { done, value } = await reach(() => reader.read())
    if (done) return
    beat()
    lines.push(decoder.decode(value, { stream: true }))
  }
}
