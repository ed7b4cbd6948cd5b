import { isId, maxSegmentChars, maxSegments } from "../path-template.ts";
import { Lanes, LaneTable } from "./lanes.ts";

const slash = 47;
const uuidLength = 36;
const foldedId = 0x100;
const end = 0x101;

/** Lanes of path templates (path-template.ts), from the bytes of paths. */
export class TemplateLanes {
  readonly lanes = new Lanes();
  /** Whether the path is its own template. */
  isExact = true;
  readonly #segment = new Lanes();
  readonly #ids = new LaneTable(20_000);

  /** Fills the lanes; false when the template must be made from the string. `bytes[from]` is a slash. */
  fold(b: Uint8Array, from: number, to: number): boolean {
    const { lanes } = this;
    lanes.start();
    this.isExact = true;
    let segments = 0;
    let p = from;
    while (p < to && b[p] === slash) {
      const segmentFrom = ++p;
      let digits = 0;
      let c = p < to ? b[p]! : 63;
      while (c !== slash && c !== 63 && c !== 35 && c !== 59) {
        if (c >= 48 && c <= 57) digits++;
        c = ++p < to ? b[p]! : 63;
      }
      const length = p - segmentFrom;
      if (length > maxSegmentChars || ++segments > maxSegments) return false;
      if ((digits > 0 || length === uuidLength) && this.#isId(b, segmentFrom, p, digits)) {
        lanes.mixNumber(foldedId);
        this.isExact = false;
      } else lanes.mix(b, segmentFrom, p);
    }
    lanes.mixNumber(end);
    if (p < to && b[p] !== 63) this.isExact = false;
    return true;
  }

  #isId(b: Uint8Array, from: number, to: number, digits: number): boolean {
    if (digits === to - from) return true;
    const segment = this.#segment;
    segment.hash(b, from, to);
    let known = this.#ids.get(segment.h1, segment.h2);
    if (known === -1) {
      known = isId(Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("latin1")) ? 1 : 0;
      this.#ids.set(segment.h1, segment.h2, known);
    }
    return known === 1;
  }
}
