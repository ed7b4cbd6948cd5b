/** Lists whose elements are entries; in an object without them the object itself is the entry. */
const listKeys: ReadonlySet<string> = new Set(
  "events logEvents records results result entries hits logs".split(" "),
);

const maxKeyBytes = 24;
/** What JSON's grammar has next; an empty list or object may also end. */
type Expected = "key" | "colon" | "value" | "end";
/** What is longer is no log entry. */
const maxEntryBytes = 16_000_000;
const maxDepth = 64;

/** How documents begin; an object or list that ends with its line is an entry of its own. */
const openings: readonly RegExp[] = [
  /^\[\s{0,200}(?:$|[{[]\s{0,200}(?:$|["{]))/,
  /^\{\s{0,200}$/,
  /^\{\s*"(?:events|records|entries|results|searchedLogStreams|nextToken)"\s*:\s*["[]/,
  /^\{\s*"messageType"\s*:\s*"DATA_MESSAGE"/,
  /^\{\s*"status"\s*:\s*"success"\s*,\s*"data"\s*:\s*\{/,
  /^\{\s*"took"\s*:\s*\d/,
];

/** Whether a document begins here. `head` is the first line or as much of it as there is, cut at some length. */
export const opensDocument = (head: string): boolean => openings.some((opening) => opening.test(head));

/**
 * A JSON document that is one big list of log entries, taken apart while it streams in: CloudWatch's
 * {"events":[…]}, Grafana's [{"line":…}], `gcloud logging read --format=json`, Azure's {"records":[…]}, Loki's API,
 * and objects that were printed over several lines. Entries are handed over one by one, so memory stays flat.
 */
export class JsonDocument {
  readonly #onEntry: (entry: Buffer) => void;
  #state: "open" | "closed" | "broken" = "open";
  /** Open containers, outermost first: whether each is a list. */
  readonly #lists: boolean[] = [];
  /** How many containers are open around an entry; -1 while no list of entries is open. */
  #around = -1;
  #expected: Expected = "value";
  /** Nothing came yet behind the bracket that was opened last. */
  #isEmpty = false;
  #inScalar = false;
  #inString = false;
  #isEscaped = false;
  #key = "";
  /** Where the bytes at hand begin that were not handed over, and what came before them. */
  #from = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Where in all of those the entry begins; -1 outside entries. */
  #entryAt = -1;
  #hasList = false;

  constructor(onEntry: (entry: Buffer) => void) {
    this.#onEntry = onEntry;
  }

  /** "open" until the document ended; "broken" once it turned out to be none. */
  get state(): "open" | "closed" | "broken" {
    return this.#state;
  }

  /** Whether a list of entries was seen in it, be it empty. */
  get hasList(): boolean {
    return this.#hasList;
  }

  /** Whether it stopped inside an entry. */
  get isInEntry(): boolean {
    return this.#entryAt !== -1;
  }

  /** Bytes that were read and are in no entry that was handed over, from the last such entry on. */
  pending(): Buffer {
    return Buffer.concat(this.#held);
  }

  /** Reads from `start` on and returns where it stopped: after the document, at the byte that broke it, or at the end. */
  feed(bytes: Buffer, start: number): number {
    this.#from = start;
    let at = start;
    while (at < bytes.length && this.#state === "open")
      at = this.#inString ? this.#passString(bytes, at) : this.#pass(bytes, at);
    this.#held.push(Buffer.from(bytes.subarray(this.#from, at)));
    this.#heldBytes += at - this.#from;
    if (this.#heldBytes > maxEntryBytes && this.#state === "open") this.#state = "broken";
    return at;
  }

  #pass(bytes: Buffer, at: number): number {
    const byte = bytes[at] ?? 0;
    const isScalar = this.#inScalar && scalars.has(byte);
    const wasEmpty = this.#isEmpty;
    if (!spaces.has(byte)) this.#isEmpty = false;
    this.#inScalar = false;
    if (isScalar) this.#inScalar = true;
    else if (byte === 34) this.#openString();
    else if (byte === 123 || byte === 91) this.#open(at, byte === 91);
    else if (byte === 125 || byte === 93) this.#close(bytes, at, byte === 93, wasEmpty);
    else if (byte === 58) this.#require("colon", "value");
    else if (byte === 44) this.#require("end", this.#lists.at(-1) === true ? "value" : "key");
    else if (scalars.has(byte)) {
      this.#inScalar = true;
      this.#require("value", "end");
    } else if (!spaces.has(byte)) this.#state = "broken";
    return this.#state === "broken" ? at : at + 1;
  }

  /** One step of JSON's grammar. */
  #require(expected: Expected, next: Expected): void {
    if (this.#expected !== expected) this.#state = "broken";
    this.#expected = next;
  }

  #openString(): void {
    this.#inString = true;
    this.#key = "";
    if (this.#expected === "key") this.#expected = "colon";
    else this.#require("value", "end");
  }

  #passString(bytes: Buffer, start: number): number {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === 92) this.#isEscaped = true;
      else if (byte === 34) {
        this.#inString = false;
        return at + 1;
      } else if (byte === 10) {
        this.#state = "broken";
        return at;
      } else if (this.#around === -1 && this.#key.length < maxKeyBytes)
        this.#key += String.fromCharCode(byte);
    }
    return bytes.length;
  }

  #open(at: number, isList: boolean): void {
    this.#require("value", isList ? "value" : "key");
    this.#isEmpty = true;
    const depth = this.#lists.length;
    if (this.#around === -1 && isList && (depth === 0 || listKeys.has(this.#key))) {
      this.#entryAt = -1;
      this.#around = depth + 1;
      this.#hasList ||= depth > 0;
    } else if (depth === 0 || (this.#entryAt === -1 && depth === this.#around))
      this.#entryAt = this.#heldBytes + at - this.#from;
    this.#lists.push(isList);
    this.#key = "";
    if (depth >= maxDepth) this.#state = "broken";
  }

  #close(bytes: Buffer, at: number, isList: boolean, wasEmpty: boolean): void {
    const mayClose = this.#expected === "end" || wasEmpty;
    if (!mayClose || this.#lists.pop() !== isList) {
      this.#state = "broken";
      return;
    }
    this.#expected = "end";
    const depth = this.#lists.length;
    const endsEntry = depth === this.#around || (depth === 0 && this.#around === -1);
    if (endsEntry && this.#entryAt !== -1) this.#release(bytes, at + 1);
    if (depth === this.#around - 1) this.#around = -1;
    if (depth === 0) this.#state = "closed";
  }

  #release(bytes: Buffer, end: number): void {
    const last = bytes.subarray(this.#from, end);
    const all = this.#held.length === 0 ? last : Buffer.concat([...this.#held, last]);
    const entry = all.subarray(this.#entryAt);
    this.#held = [];
    this.#heldBytes = 0;
    this.#from = end;
    this.#entryAt = -1;
    this.#onEntry(entry);
  }
}

const spaces = new Set(Buffer.from(" \t\r\n"));
/** What numbers, true, false and null are made of. */
const scalars = new Set(Buffer.from("0123456789+-.Etruefalsn"));
