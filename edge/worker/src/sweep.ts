// When an object wakes by itself: soon after something happened, and then ever more rarely, so
// that it sleeps in between. At the latest with the next heartbeat.

export class Sweep {
  private at: number | undefined; // of the alarm, if it is known

  /** keepMs is how long a log is kept for those who come back. */
  constructor(private storage: DurableObjectStorage, private shortest: number, private keepMs: number) {}

  /** Something happened: look again soon. */
  async soon(): Promise<void> {
    this.wait = this.shortest;
    this.put("left", 0);
    const at = Date.now() + this.shortest;
    this.at ??= (await this.storage.getAlarm()) ?? Infinity;
    if (at < this.at) await this.set(at);
  }

  /** The alarm has gone off. */
  fired(): void {
    this.at = Infinity;
  }

  /** Look again later, unless there was news. */
  async again(news: boolean, heartbeatMs: number): Promise<void> {
    this.wait = news ? this.shortest : Math.min(2 * this.wait, heartbeatMs);
    this.put("left", 0);
    const beat = this.get("beat") + heartbeatMs;
    const next = Date.now() + this.wait;
    await this.set(beat > Date.now() ? Math.min(next, beat) : next);
  }

  /** Whether a heartbeat is due; then it counts as sent. */
  beats(heartbeatMs: number): boolean {
    if (Date.now() - this.get("beat") < heartbeatMs) return false;
    this.put("beat", Date.now());
    return true;
  }

  /** The alarm went off and nobody is there: whether to wait for somebody to come back. */
  async left(): Promise<boolean> {
    if (this.get("left") === 0) this.put("left", Date.now());
    const until = this.get("left") + this.keepMs;
    if (Date.now() >= until) return false;
    await this.set(until);
    return true;
  }

  private set(at: number): Promise<void> {
    this.at = at;
    return this.storage.setAlarm(at);
  }

  private get wait(): number {
    return this.get("wait") || this.shortest;
  }

  private set wait(ms: number) {
    this.put("wait", ms);
  }

  private put(name: string, value: number): void {
    if (this.get(name) !== value) this.storage.kv.put(name, value);
  }

  private get(name: string): number {
    return this.storage.kv.get<number>(name) ?? 0;
  }
}
