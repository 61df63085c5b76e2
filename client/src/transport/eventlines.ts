/** Takes an event stream apart (HTML, section 9.2), as far as Notewire writes one. */
export class EventLines {
  #rest = ''
  #data: string[] = []
  readonly #onData: (data: string) => void

  /** @param onData gets the data of each event */
  constructor(onData: (data: string) => void) {
    this.#onData = onData
  }

  /** The next part of the text, wherever it was cut. */
  push(text: string): void {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    if (line.startsWith('data:')) this.#data.push(line.slice(line[5] === ' ' ? 6 : 5))
    else if (line === '' && this.#data.length) {
      const data = this.#data.join('\n')
      this.#data = []
      this.#onData(data)
    }
  }
}
