import { startsWithIsoTime } from "../lines.ts";
import { type ByteSink, newByteSink } from "./byte-sink.ts";
import { type CriPart, criPartOf } from "./cri.ts";
import { linesOfEntry } from "./document-entry.ts";
import { opensDockerLine, unwrapDockerLine } from "./docker.ts";
import { JsonDocument, opensDocument } from "./json-document.ts";
import { newPartStore } from "./parts.ts";
import { peel } from "./peel.ts";
import { headOf, oneLine, type Peeled } from "./peeled.ts";

/** A line that is longer is no wrapper's: it passes as it stands, without being held. */
const maxLineBytes = 1_048_576;
/** So much of a line tells whether a document begins with it. */
const openingBytes = 256;
const nothing = Buffer.alloc(0);

/** Unwraps line by line; lines that are not wrapped pass as they stand. */
export class LineUnwrapper {
  readonly #nowMs: number;
  readonly #parts = newPartStore();
  #sawWrapper = false;
  #hasChanged = false;
  /** Inside a line that passes as it stands. */
  #isPassing = false;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #document: JsonDocument | undefined;
  #isBetween = false;
  /** Entries of the open document, and whether any document had one. */
  #entries = 0;
  #sawEntry = false;
  #sink: ByteSink = newByteSink(0);

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** Whether anything was wrapped so far. */
  get sawWrapper(): boolean {
    return this.#sawWrapper;
  }

  /** Whether the next bytes should still be read line by line: something changed just now, or may with what is held. */
  get isUndecided(): boolean {
    if (this.#hasChanged || this.#parts.open > 0) return true;
    const [held = nothing] = this.#held;
    const first = held[0];
    return first === 123 || first === 91 || criPartOf(held, 0, held.length)?.more === true;
  }

  /** Says whether the next bytes begin a line or go on with one that was passed already. */
  startAt(lineStart: boolean): void {
    this.#isPassing = !lineStart;
  }

  push(chunk: Buffer): Buffer {
    const goesOn = this.#heldBytes >= openingBytes && this.#heldBytes + chunk.length <= maxLineBytes;
    if (goesOn && !chunk.includes(10)) {
      this.#held.push(Buffer.from(chunk));
      this.#heldBytes += chunk.length;
      return nothing;
    }
    const isWhole = this.#heldBytes === 0;
    const bytes = isWhole ? chunk : Buffer.concat([...this.#held, chunk]);
    this.#sink = newByteSink(bytes.length + 64);
    this.#hasChanged = this.#document !== undefined || this.#isBetween;
    this.#hold(bytes, this.#read(bytes));
    return isWhole && this.#heldBytes === 0 && !this.#hasChanged ? chunk : this.#sink.take();
  }

  /** Everything held back: a line without newline, open parts, an unfinished document. */
  end(): Buffer {
    const rest = Buffer.concat(this.#held);
    const sink = newByteSink(rest.length + 64);
    this.#sink = sink;
    if (this.#document !== undefined) this.#endDocument(this.#document);
    else if (rest.length > 0 && !this.#takeLine(rest, 0, rest.length)) {
      sink.copy(rest, 0, rest.length);
      if (this.#parts.open > 0) sink.text("\n");
    }
    this.#parts.end(sink);
    this.#hold(nothing, 0);
    this.#isPassing = false;
    return sink.take();
  }

  /** Returns where the line begins that is not complete. */
  #read(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#document !== undefined) at = this.#feed(this.#document, bytes, at);
      else if (this.#isBetween) at = this.#skipBetween(bytes, at);
      else if (this.#isPassing) at = this.#passOn(bytes, at);
      else {
        at = this.#walk(bytes, at);
        if (this.#document === undefined) break;
      }
    }
    return at;
  }

  /** Reads complete lines from `start` on, up to a document. Returns where it stopped. */
  #walk(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length) {
      const newline = bytes.indexOf(10, at);
      if (isDocumentAt(bytes, at, newline)) {
        this.#openDocument();
        break;
      }
      if (newline === -1) break;
      const end = newline > at && bytes[newline - 1] === 13 ? newline - 1 : newline;
      if (end > at && this.#takeLine(bytes, at, end)) this.#hasChanged = true;
      else this.#sink.copy(bytes, at, newline + 1);
      at = newline + 1;
    }
    return at;
  }

  /** Takes the line from `start` to `end`; false when it is not wrapped and nothing was written. */
  #takeLine(bytes: Buffer, start: number, end: number): boolean {
    if (opensDockerLine(bytes, start)) {
      if (this.#parts.open === 0 && unwrapDockerLine(bytes, start, end, this.#sink)) {
        this.#parts.sawWhole();
        this.#sawWrapper = true;
        return true;
      }
    } else if (startsWithIsoTime(bytes, start, end)) {
      const part = criPartOf(bytes, start, end);
      if (part !== undefined) return this.#takeCri(part);
    }
    const peeled = peel(bytes.toString("utf8", start, end), this.#nowMs);
    if (peeled === undefined) return false;
    this.#sawWrapper = true;
    this.#put(peeled);
    return true;
  }

  /** Only lines that were split are written anew. */
  #takeCri(part: CriPart): boolean {
    if (!part.more && !this.#parts.isOpen(part.of)) return false;
    this.#parts.add({ ...part, isSure: true }, this.#sink);
    return true;
  }

  #put(peeled: Peeled): void {
    const { part } = peeled;
    const text = oneLine(peeled.text);
    const head = headOf(peeled);
    if (part !== undefined && (part.more || this.#parts.isOpen(part.of))) {
      const isSure = part.isSure;
      this.#parts.add({ of: part.of, head, bytes: Buffer.from(text), more: part.more, isSure }, this.#sink);
      return;
    }
    if (part?.isSure === false) this.#parts.sawWhole();
    this.#sink.text(`${head}${text}\n`);
  }

  #openDocument(): void {
    this.#sawWrapper = true;
    this.#hasChanged = true;
    this.#entries = 0;
    this.#document = new JsonDocument((entry) => {
      this.#entries++;
      this.#sawEntry = true;
      for (const line of linesOfEntry(entry, this.#nowMs)) this.#sink.text(`${line}\n`);
    });
  }

  /** Reads on in the open document; returns where lines begin again. */
  #feed(document: JsonDocument, bytes: Buffer, start: number): number {
    const at = document.feed(bytes, start);
    if (document.state === "open") return at;
    this.#document = undefined;
    if (document.state === "broken" || (this.#entries === 0 && !document.hasList)) {
      const rest = document.pending();
      this.#sink.copy(rest, 0, rest.length);
      this.#isPassing = true;
      return at;
    }
    this.#isBetween = true;
    return at;
  }

  /** White space and commas behind a document. */
  #skipBetween(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && between.has(bytes[at] ?? 0)) at++;
    this.#isBetween = at === bytes.length;
    return at;
  }

  /** What a document that was cut off holds back is one lost entry, or all of it. */
  #endDocument(document: JsonDocument): void {
    this.#document = undefined;
    const cut = document.pending().toString("utf8");
    if (!this.#sawEntry) this.#sink.text(cut);
    else if (document.isInEntry) this.#sink.text(`${cut.replace(/^[\s,]+/, "").replace(/\s*\n\s*/g, " ")}\n`);
  }

  #passOn(bytes: Buffer, start: number): number {
    const newline = bytes.indexOf(10, start);
    this.#isPassing = newline === -1;
    const stop = newline === -1 ? bytes.length : newline + 1;
    this.#sink.copy(bytes, start, stop);
    return stop;
  }

  #hold(bytes: Buffer, start: number): void {
    this.#held = [];
    this.#heldBytes = bytes.length - start;
    if (this.#heldBytes > maxLineBytes) {
      this.#sink.copy(bytes, start, bytes.length);
      this.#isPassing = true;
      this.#heldBytes = 0;
    } else if (this.#heldBytes > 0) this.#held = [Buffer.from(bytes.subarray(start))];
  }
}

function isDocumentAt(bytes: Buffer, at: number, newline: number): boolean {
  if (bytes[at] !== 123 && bytes[at] !== 91) return false;
  const known = newline === -1 ? bytes.length : newline;
  if (newline === -1 && known - at < openingBytes) return false;
  return opensDocument(bytes.toString("latin1", at, Math.min(known, at + openingBytes)));
}

const between = new Set(Buffer.from(" \t\r\n,"));
