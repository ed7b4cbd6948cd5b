import { newUnwrapper } from "../src/logs/unwrap.ts";
import { accessLine } from "../test/logs/log-text.ts";
import { documents, lineWrappers } from "../test/logs/samples/wrappers.ts";

/** What taking wrappers off costs: processor seconds per GB of input, in chunks of 1 MiB, memory that it takes beside them. */
const inputBytes = 100_000_000;
const chunkBytes = 1_048_576;
const nowMs = Date.parse("2026-11-24T12:00:00Z");

function inputOf(wrap: (lines: readonly string[]) => string): Buffer {
  const line = accessLine({
    agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
  });
  const part = wrap(Array.from({ length: 2000 }, () => line));
  return Buffer.from(`${part}\n`.repeat(Math.ceil(inputBytes / part.length)));
}

function measure(name: string, bytes: Buffer): void {
  const before = process.cpuUsage();
  const unwrapper = newUnwrapper({ nowMs });
  let untouched = 0;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    if (unwrapper.push(chunk) === chunk) untouched += chunk.length;
  }
  unwrapper.end();
  const { user, system } = process.cpuUsage(before);
  const secondsPerGb = (user + system) / 1e6 / (bytes.length / 1e9);
  const share = Math.round((untouched / bytes.length) * 100);
  process.stdout.write(
    `${name.padEnd(44)} ${secondsPerGb.toFixed(2).padStart(6)} s/GB   ${share} % passed uncopied\n`,
  );
}

measure(
  "not wrapped",
  inputOf((lines) => lines.join("\n")),
);
for (const [name, { wrap }] of Object.entries(lineWrappers)) {
  measure(
    name,
    inputOf((lines) => lines.map(wrap).join("\n")),
  );
}
for (const [name, wrap] of Object.entries(documents)) measure(name, inputOf(wrap));
