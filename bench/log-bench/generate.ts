import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { type Kind, newDraw } from "./lines.ts";

const startMs = Date.UTC(2026, 10, 20, 9);
const requestsPerSecond = 1000;

/** Writes lines until the file has at least `bytes`; returns their number. */
export async function generate(path: string, kind: Kind, bytes: number): Promise<number> {
  const out = createWriteStream(path, { highWaterMark: 4_000_000 });
  const draw = newDraw(20_261_120);
  let written = 0;
  let lines = 0;
  while (written < bytes) {
    const batch: string[] = [];
    for (let i = 0; i < 5000; i++) {
      batch.push(kind.line(draw, startMs + (lines++ * 1000) / requestsPerSecond), "\n");
    }
    const text = Buffer.from(batch.join(""), "latin1");
    written += text.length;
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  return lines;
}
