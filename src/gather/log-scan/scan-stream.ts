import type { Loss } from "../../evidence/evidence.ts";
import type { ScanState } from "../../logs/scan/scan-state.ts";
import { StreamScanner } from "../../logs/scan/stream-scanner.ts";
import { newUnwrapper, type Unwrapper } from "../../logs/unwrap.ts";
import { readInput } from "../log-files/read-input.ts";
import type { StreamTask, TaskParts } from "./task.ts";

const newline = 10;
/** Of a line without an end so much is kept; no reader looks at more than 128 KiB. */
const longestBytes = 256 * 1024;
/** Waiting lines are handed on when there are so many. */
const handedOnAt = 1000;

/** Scans an input from its beginning, as it comes; what gathers is handed on now and then. */
export async function scanStream(
  state: ScanState,
  task: StreamTask,
  marginBytes: number,
  onParts: (parts: TaskParts) => void,
): Promise<void> {
  const { input, number } = task;
  let losses: Loss[] = [];
  let textBytes = 0;
  let stream: MemberStream | undefined;
  const handOn = (readBytes: number): void => {
    if (stream === undefined && losses.length === 0 && readBytes === 0) return;
    const parts = (stream ?? new MemberStream(state, input.name, marginBytes)).scanner.takeParts();
    onParts({ number, parts, losses, readBytes, textBytes });
    losses = [];
    textBytes = 0;
  };
  for await (const { member, bytes } of readInput(input, (loss) => losses.push(loss))) {
    if (stream !== undefined && stream.member !== member) {
      stream.end();
      handOn(0);
      stream = undefined;
    }
    stream ??= new MemberStream(state, member, marginBytes);
    stream.push(bytes);
    textBytes += bytes.length;
    if (stream.scanner.parts.pending.length > handedOnAt || textBytes > 2 ** 24) handOn(0);
  }
  stream?.end();
  handOn(input.sizeBytes ?? 0);
}

/** One log of an input. The last bytes wait until what follows has been searched for error lines of cut answers. */
class MemberStream {
  readonly scanner: StreamScanner;
  readonly member: string;
  readonly #state: ScanState;
  readonly #marginBytes: number;
  readonly #unwrapper: Unwrapper;
  #held: Buffer = Buffer.alloc(0);
  /** The rest of a line that is too long. */
  #skipsLine = false;

  constructor(state: ScanState, member: string, marginBytes: number) {
    this.#state = state;
    this.member = member;
    this.#marginBytes = marginBytes;
    this.#unwrapper = newUnwrapper({ nowMs: state.nowMs });
    this.scanner = new StreamScanner(state, { name: member, pod: "" });
  }

  push(chunk: Buffer): void {
    this.#take(this.#unwrapper.push(chunk));
  }

  end(): void {
    this.#take(this.#unwrapper.end());
    this.#state.suspects.addFrom(this.#held);
    if (this.#held.length > 0) this.scanner.scan(this.#held);
    this.#held = Buffer.alloc(0);
  }

  #take(bytes: Buffer): void {
    const fresh = this.#skipsLine ? this.#skip(bytes) : bytes;
    if (fresh.length === 0) return;
    const whole = this.#held.length === 0 ? fresh : Buffer.concat([this.#held, fresh]);
    const complete = whole.lastIndexOf(newline) + 1;
    this.#state.suspects.addFrom(whole.subarray(0, complete));
    const ready = whole.lastIndexOf(newline, whole.length - this.#marginBytes) + 1;
    const end = whole.length > this.#marginBytes ? ready : 0;
    if (end > 0) this.scanner.scan(whole.subarray(0, end));
    this.#held = whole.subarray(end);
    if (this.#held.length - complete + end > longestBytes) this.#cutLine(complete - end);
  }

  /** `from` is where the line begins that has no end yet. */
  #cutLine(from: number): void {
    this.#held = Buffer.concat([this.#held.subarray(0, from + longestBytes), Buffer.from("\n")]);
    this.#skipsLine = true;
  }

  #skip(bytes: Buffer): Buffer {
    const end = bytes.indexOf(newline);
    if (end === -1) return bytes.subarray(0, 0);
    this.#skipsLine = false;
    return bytes.subarray(end + 1);
  }
}
