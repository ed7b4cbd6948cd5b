import { topics } from "./topics.ts";

/**
 * Which topics a line may be of, as a bit per position in `topics`: each run of four bytes is looked
 * up in a table made from the first four of every stem. A wrong yes costs a regular expression; a
 * wrong no cannot happen, as upper and lower case fold alike on both sides.
 */
export function topicMask(bytes: Uint8Array, start: number, end: number): number {
  let mask = 0;
  let window = 0;
  for (let i = start; i < end; i++) {
    window = (window << 8) | ((bytes[i] ?? 0) | 0x20);
    mask |= table[slot(window)] ?? 0;
  }
  return mask;
}

const slot = (window: number): number => Math.imul(window, 0x9e3779b1) >>> 16;

const table = tableOfStems();

function tableOfStems(): Uint32Array {
  const made = new Uint32Array(65_536);
  topics.forEach((topic, bit) => {
    for (const stem of topic.stems) {
      let window = 0;
      for (let i = 0; i < 4; i++) window = (window << 8) | (stem.charCodeAt(i) | 0x20);
      const at = slot(window);
      made[at] = (made[at] ?? 0) | (1 << bit);
    }
  });
  return made;
}
