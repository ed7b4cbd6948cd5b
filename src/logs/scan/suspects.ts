import { readNginxError } from "../formats/nginx-error.ts";
import { meaningOf } from "../formats/nginx-error-meaning.ts";
import { Lanes } from "./lanes.ts";

/** What nginx was doing when an answer was cut short after its header (formats/nginx-error-meaning.ts). */
const actions = ["reading upstream", "proxying upgraded connection", "sending to client"];
/** Rare in access lines, and found at the speed of memory since its first byte is. */
const word = Buffer.from("while ");

const maxSuspects = 100_000;
const maxErrorLineBytes = 4096;

/** Client and path of error lines that report a cut body: the access line of such a request looks like a success. */
export class Suspects {
  readonly keys = new Set<string>();
  readonly #clients = new Set<number>();
  /** Set when there were more than are kept. */
  isFull = false;

  /** Whether a client with this first lane is among them. */
  mayHave(client1: number): boolean {
    return this.#clients.size > 0 && this.#clients.has(client1);
  }

  has(client: string, path: string): boolean {
    return this.keys.size > 0 && this.keys.has(`${client} ${path}`);
  }

  add(key: string): void {
    if (this.keys.size >= maxSuspects) {
      this.isFull = true;
      return;
    }
    this.keys.add(key);
    const client = Buffer.from(key.slice(0, key.indexOf(" ")));
    const lanes = new Lanes();
    lanes.hash(client, 0, client.length);
    this.#clients.add(lanes.h1);
  }

  /** Looks for such lines anywhere in the bytes. */
  addFrom(bytes: Buffer): void {
    for (let at = bytes.indexOf(word); at !== -1; at = bytes.indexOf(word, at + word.length)) {
      const action = bytes.toString("latin1", at + word.length, at + word.length + 40);
      if (!actions.some((words) => action.startsWith(words))) continue;
      const from = bytes.lastIndexOf(10, at) + 1;
      const stop = bytes.indexOf(10, at);
      const end = stop === -1 ? bytes.length : stop;
      if (end - from < maxErrorLineBytes) this.#addLine(bytes.toString("utf8", from, end));
    }
  }

  /** A collector's prefix may stand before the line. */
  #addLine(text: string): void {
    const start = /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/.exec(text);
    const line = start === null ? undefined : readNginxError(text.slice(start.index).replace(/\r$/, ""));
    if (line?.client === undefined || line.request === undefined) return;
    if (meaningOf(line).failure !== "truncated") return;
    this.add(`${line.client} ${line.request.split(" ", 2)[1] ?? line.request}`);
  }
}
