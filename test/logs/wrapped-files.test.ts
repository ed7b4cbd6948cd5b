import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogInput } from "../../src/gather/log-files/log-input.ts";
import { scanLogInputs } from "../../src/gather/log-scan/scan-log-inputs.ts";
import type { GatewayScan } from "../../src/logs/scan-gateway.ts";
import { accessLine, collectedMs, errorLine, failedLine } from "./log-text.ts";
import { documents, lineWrappers } from "./samples/wrappers.ts";

const refused = "connect() failed (111: Connection refused) while connecting to upstream";

/** Failures with their error lines among successes, all of the second that the samples of wrappers stamp. */
const lines = Array.from({ length: 1200 }, (_, i): string[] => {
  const common = { request: `GET /api/${i} HTTP/1.1`, client: `203.0.113.${i % 9}` };
  return i % 10 === 0 ? [errorLine(refused, common), failedLine(502, common)] : [accessLine(common)];
}).flat();

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why5xx-wrapped-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function scanFile(text: string, rangeBytes: number): Promise<GatewayScan> {
  const path = join(folder, "access.log");
  writeFileSync(path, text);
  const input: LogInput = { name: "access.log", path, codec: "none", sizeBytes: statSync(path).size };
  return scanLogInputs([input], { nowMs: collectedMs, workers: 0, rangeBytes });
}

const counts = ({ lines: of, totals }: GatewayScan) => ({
  lines: of,
  failed: totals.failed,
  attempts: totals.attempts,
  byClass: totals.byClass,
});

describe("a file that is wrapped", () => {
  test.each(Object.entries(lineWrappers))(
    "line by line by %s is read in ranges as it is without",
    async (_, { wrap }) => {
      const plain = counts(await scanFile(lines.join("\n"), 1e9));
      expect(plain).toMatchObject({
        lines: { total: 1320, unrecognised: 0 },
        failed: 120,
        byClass: { "connect-refused": 120 },
      });
      expect(counts(await scanFile(lines.map(wrap).join("\n"), 100_000))).toEqual(plain);
      const half = lines.map((line, i) => (i < 700 ? line : wrap(line)));
      expect(counts(await scanFile(half.join("\n"), 100_000))).toEqual(plain);
    },
  );

  test.each(Object.entries(documents))("as a whole by %s is read as it is without", async (_, wrap) => {
    const plain = counts(await scanFile(lines.join("\n"), 1e9));
    expect(counts(await scanFile(wrap(lines), 100_000))).toEqual(plain);
  });
});
