import type { Socket } from "node:net";
import type { Answer, ServingState } from "./script.ts";

type Queue = (work: (done: () => void) => void) => void;

/** Fractions of the jitter in a fixed order, so that delays do not come out alike. */
const spread = [0, 0.7, -0.4, 0.2, -0.8, 0.5, -0.1, 0.9, -0.6];
let turn = 0;

/** First byte of a TLS handshake record: a server without TLS takes it for a bad request and says so in plain text. */
const tlsHandshake = 0x16;

/** One connection of the gateway to a scripted pod: HTTP/1.1 by hand, so that it can be broken at will. */
export class PodConnection {
  readonly #socket: Socket;
  readonly #state: () => ServingState;
  readonly #queue: Queue;
  #buffer = Buffer.alloc(0);
  #served = 0;
  #busy = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, state: () => ServingState, queue: Queue) {
    this.#socket = socket;
    this.#state = state;
    this.#queue = queue;
    socket.on("error", () => socket.destroy());
    if (state().protocol === "banner") socket.end(state().answer.bytes ?? "", "latin1");
    else socket.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (this.#busy) return;
    if (this.#buffer[0] === tlsHandshake) {
      this.#socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      return;
    }
    const end = this.#buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#buffer.subarray(0, end).toString("latin1");
    const path = head.split(" ", 2)[1] ?? "/";
    const chosen = this.#answerFor(path);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (chosen.early !== true && this.#buffer.length < end + 4 + length) return;
    this.#buffer = this.#buffer.subarray(end + 4 + length);
    clearTimeout(this.#idle);
    this.#busy = true;
    this.#queue((done) =>
      setTimeout(() => this.#act(chosen, head.startsWith("HEAD "), done), delayOf(chosen)),
    );
  }

  #answerFor(path: string): Answer {
    const { paths, answer } = this.#state();
    const prefixes = Object.keys(paths ?? {}).filter((p) => path.startsWith(p));
    const longest = prefixes.sort((a, b) => b.length - a.length)[0];
    return (longest === undefined ? undefined : paths?.[longest]) ?? answer;
  }

  #act(chosen: Answer, isHead: boolean, done: () => void): void {
    if (chosen.does === "hang") return;
    const kind = chosen.onlyReused === true && this.#served === 0 ? "answer" : chosen.does;
    if (kind === "answer") this.#answer(chosen, isHead);
    else if (kind === "close") this.#socket.destroy();
    else if (kind === "reset") this.#socket.resetAndDestroy();
    else if (kind === "raw") this.#socket.end(chosen.bytes ?? "", "latin1");
    else this.#partly(chosen, kind === "truncate");
    done();
  }

  #answer(chosen: Answer, isHead: boolean): void {
    const body = chosen.body ?? "x".repeat(chosen.bodyBytes ?? 0);
    this.#socket.write(`${headOf(chosen, body.length)}${isHead ? "" : body}`);
    this.#served += 1;
    this.#busy = false;
    if (chosen.idleCloseMs !== undefined)
      this.#idle = setTimeout(() => this.#socket.end(), chosen.idleCloseMs);
    if (this.#buffer.length > 0) this.#read(Buffer.alloc(0));
  }

  #partly(chosen: Answer, close: boolean): void {
    const part = headOf(chosen, chosen.bodyBytes ?? 65_536) + "x".repeat(chosen.sentBytes ?? 1024);
    if (close) this.#socket.end(part);
    else this.#socket.write(part);
  }
}

function headOf(chosen: Answer, length: number): string {
  const headers = Object.entries(chosen.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${chosen.status ?? 200} ${(chosen.status ?? 200) < 400 ? "OK" : "Error"}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${headers.join("")}\r\n`;
}

function delayOf(chosen: Answer): number {
  turn += 1;
  return Math.max(0, (chosen.delayMs ?? 0) + (chosen.jitterMs ?? 0) * (spread[turn % spread.length] ?? 0));
}
