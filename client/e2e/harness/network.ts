import { proxyProgram } from './build'
import { Program, freePort } from './program'
import type { Server } from './server'

/** What a network may do; infra/faultproxy says what each means. */
export type Fault =
  | 'buffer-until-close' | 'buffer' | 'delay' | 'throttle' | 'kill-frames' | 'half-open'
  | 'reset' | 'bad-gateway' | 'idle-cut' | 'strip-headers' | 'refuse-upgrades' | 'cap-connections'

/** A network before a server, good at first. */
export class FaultyNetwork {
  readonly url: string
  #faults: readonly Fault[] = []
  readonly #program: Program

  private constructor(port: number, server: Server) {
    this.url = `http://127.0.0.1:${port}`
    const good = ['--shape=idle-cut', '--idle=24h']
    this.#program = new Program(proxyProgram, () => [
      `--to=${server.url}`, `--listen=127.0.0.1:${port}`, ...(this.#faults.length > 0 ? this.#faults.map(fault => `--shape=${fault}`) : good),
    ])
  }

  static async before(server: Server, ...faults: readonly Fault[]): Promise<FaultyNetwork> {
    const network = new FaultyNetwork(await freePort(), server)
    await network.become(...faults)
    return network
  }

  /** Has these faults from now on; none: it is good. What was open is cut, as when one changes the network. */
  async become(...faults: readonly Fault[]): Promise<void> {
    await this.down()
    this.#faults = faults
    await this.#program.start(`${this.url}/healthz`)
  }

  /** Nothing answers. */
  down(): Promise<void> {
    return this.#program.kill()
  }
}
