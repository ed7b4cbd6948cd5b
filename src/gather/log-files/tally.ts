import { sizeText } from "../../base/limits.ts";

/** How much text was read, for messages; lines are counted in the last chunk only and scaled. */
export class Tally {
  #bytes = 0;
  #last: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#last = chunk;
  }

  /** "the 9.8 MiB before that (about 31000 lines) are used" */
  text(): string {
    if (this.#bytes === 0) return "nothing of it could be read";
    let lines = 0;
    for (let at = this.#last.indexOf(10); at >= 0; at = this.#last.indexOf(10, at + 1)) lines++;
    const whole = Math.round((lines * this.#bytes) / this.#last.length);
    return `what comes before is used: ${sizeText(this.#bytes)}, about ${whole === 1 ? "1 line" : `${whole} lines`}`;
  }
}
