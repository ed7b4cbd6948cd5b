import { isId, maxSegmentChars, maxSegments } from "../path-template.ts";
import { LaneTable, mix1, mix2, seed1, seed2 } from "./lanes.ts";

const slash = 47;
const uuidLength = 36;

/** Lanes of path templates (path-template.ts), from the bytes of paths. */
export class TemplateLanes {
  h1 = 0;
  h2 = 0;
  /** Whether the path is its own template. */
  isExact = true;
  readonly #ids = new LaneTable(20_000);

  /** Fills the lanes; false when the template must be made from the string. `bytes[from]` is a slash. */
  fold(b: Uint8Array, from: number, to: number): boolean {
    let h1 = mix1(seed1, slash);
    let h2 = mix2(seed2, slash);
    let [atSegment1, atSegment2] = [h1, h2];
    let segmentFrom = from + 1;
    let segments = 1;
    let digits = 0;
    this.isExact = true;
    for (let p = from + 1; ; p++) {
      const c = p < to ? b[p]! : 63;
      const ends = c === 63 || c === 35 || c === 59;
      if (c !== slash && !ends) {
        if (c >= 48 && c <= 57) digits++;
        h1 = mix1(h1, c);
        h2 = mix2(h2, c);
        continue;
      }
      const length = p - segmentFrom;
      if (length > maxSegmentChars) return false;
      if ((digits > 0 || length === uuidLength) && this.#isId(b, segmentFrom, p, digits)) {
        h1 = mix1(atSegment1, 0x100);
        h2 = mix2(atSegment2, 0x100);
        this.isExact = false;
      }
      if (ends) {
        if (p < to && c !== 63) this.isExact = false;
        this.h1 = h1;
        this.h2 = h2;
        return true;
      }
      if (++segments > maxSegments) return false;
      h1 = atSegment1 = mix1(h1, slash);
      h2 = atSegment2 = mix2(h2, slash);
      segmentFrom = p + 1;
      digits = 0;
    }
  }

  #isId(b: Uint8Array, from: number, to: number, digits: number): boolean {
    if (digits === to - from) return true;
    let h1 = seed1;
    let h2 = seed2;
    for (let p = from; p < to; p++) {
      h1 = mix1(h1, b[p]!);
      h2 = mix2(h2, b[p]!);
    }
    let known = this.#ids.get(h1, h2);
    if (known === -1) {
      known = isId(Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("latin1")) ? 1 : 0;
      this.#ids.set(h1, h2, known);
    }
    return known === 1;
  }
}
