// The last events of a log, kept in SQLite so that they outlive hibernation, and read from the
// origin by whoever needs them first. A log that is not followed for a while begins anew.

import { askFor, type Env, type LogEvent, type LogPage } from "./origin.js";

const maxEvents = 64;
const maxBytes = 256 * 1024;

/** A log as one audience sees it. */
export interface Stream {
  user?: string;
  note?: string;
  passersBy: boolean;
}

const sizeOf = (e: LogEvent) => e.frame.length + (e.confirmation?.length ?? 0) + (e.readers ? JSON.stringify(e.readers).length : 0);

/** What comes after a place. */
export type Page = { events: LogEvent[] } | "end" | "gone";

export class Tail {
  epoch = ""; // empty: nothing is known of the log yet
  head = 0; // the log reaches at least here
  end = 0; // the place of the last event that was read
  private events: LogEvent[] = []; // the last ones up to end, without a gap
  private bytes = 0;
  private growing: Promise<void> | undefined;

  constructor(private env: Env, private sql: SqlStorage, readonly stream: Stream) {
    const row = sql.exec("SELECT epoch, head, end_ FROM tail WHERE passersBy = ?", this.key).toArray()[0];
    if (!row) return;
    this.epoch = String(row["epoch"]);
    this.head = Number(row["head"]);
    this.end = Number(row["end_"]);
    this.events = sql.exec("SELECT event FROM events WHERE passersBy = ? ORDER BY seq", this.key).toArray()
      .map((r) => JSON.parse(String(r["event"])) as LogEvent);
    this.bytes = this.events.reduce((sum, e) => sum + sizeOf(e), 0);
  }

  /** Creates what tails are kept in. */
  static migrate(sql: SqlStorage): void {
    sql.exec(`CREATE TABLE IF NOT EXISTS tail (passersBy INTEGER PRIMARY KEY, epoch TEXT, head INTEGER, end_ INTEGER)`);
    sql.exec(`CREATE TABLE IF NOT EXISTS events (passersBy INTEGER, seq INTEGER, event TEXT, PRIMARY KEY (passersBy, seq))`);
  }

  private get key(): number {
    return this.stream.passersBy ? 1 : 0;
  }

  private get start(): number {
    return this.end - this.events.length;
  }

  /** Whether events after that place need no asking. */
  holds(after: number): boolean {
    return this.epoch !== "" && this.start <= after && after <= this.end;
  }

  /** Notes how far the log is said to reach. */
  hint(seq: number): void {
    this.head = Math.max(this.head, seq);
  }

  /** Returns what comes after a place. Throws Unavailable. */
  async read(after: number): Promise<Page> {
    for (;;) {
      if (this.epoch === "") await this.look();
      if (after < this.start) return this.behind(after);
      if (after < this.end) return { events: this.events.slice(after - this.start) };
      if (this.head <= after) return "end";
      await this.look();
      if (this.end <= after) return "end"; // the hint said too much
    }
  }

  /** Looks how far the log reaches and reads what is new. Callers share one look at a time. */
  look(): Promise<void> {
    this.growing ??= this.grow().finally(() => (this.growing = undefined));
    return this.growing;
  }

  /** How a reader that fell behind catches up, on its own. */
  private async behind(after: number): Promise<Page> {
    const page = await this.ask(after);
    if (page.epoch !== this.epoch || page.events[0]?.seq !== after + 1) return "gone";
    return { events: page.events };
  }

  private ask(after: number): Promise<LogPage> {
    return askFor<LogPage>(this.env, "log", { ...this.stream, after });
  }

  private async grow(): Promise<void> {
    const before = this.end;
    const page = await this.ask(this.epoch === "" ? -1 : before);
    const first = page.events[0]?.seq;
    if (page.epoch !== this.epoch || page.head < before || (first ?? page.head + 1) > before + 1 && page.head > before) {
      this.begin(page.epoch, page.head); // another log, or a hole in this one
      return;
    }
    this.head = page.head;
    if (page.events.length > 0) this.append(page.events);
    this.keep();
  }

  private begin(epoch: string, head: number): void {
    this.epoch = epoch;
    this.head = this.end = head;
    this.events = [];
    this.bytes = 0;
    this.sql.exec("DELETE FROM events WHERE passersBy = ?", this.key);
    this.keep();
  }

  private append(events: LogEvent[]): void {
    for (const e of events) {
      if (e.hides) this.drop(this.events.length); // those before it must be read again
      this.events.push(e);
      this.bytes += sizeOf(e);
      this.end = e.seq;
      if (sizeOf(e) <= maxBytes) { // a larger one is more than a row may hold
        this.sql.exec("INSERT OR REPLACE INTO events VALUES (?, ?, ?)", this.key, e.seq, JSON.stringify(e));
      }
    }
    let excess = 0;
    for (let bytes = this.bytes; excess < this.events.length - 1 && (this.events.length - excess > maxEvents || bytes > maxBytes); excess++) {
      bytes -= sizeOf(this.events[excess]!);
    }
    this.drop(excess);
  }

  private drop(count: number): void {
    for (const e of this.events.splice(0, count)) this.bytes -= sizeOf(e);
    this.sql.exec("DELETE FROM events WHERE passersBy = ? AND seq <= ?", this.key, this.start);
  }

  private keep(): void {
    this.sql.exec("INSERT OR REPLACE INTO tail VALUES (?, ?, ?, ?)", this.key, this.epoch, this.head, this.end);
  }
}
