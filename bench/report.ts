/**
 * What the page of an incident weighs and costs: made from a recorded incident and from one with 500 pods, loaded by
 * a headless Chromium. npm run bench:report
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Evidence } from "../src/evidence/evidence.ts";
import { renderIncidentHtml } from "../src/render/html/page.ts";
import { renderIncidentMarkdown } from "../src/render/incident/markdown.ts";
import { startBrowser } from "../test/browser/chromium.ts";
import { incidentOf, recorded } from "../test/support/incident-of.ts";
import { largeIncident } from "../test/support/large-incident.ts";

const runs = 9;
const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const timed = <T>(work: () => T): { readonly result: T; readonly tookMs: number } => {
  const startMs = performance.now();
  const result = work();
  return { result, tookMs: performance.now() - startMs };
};

const incidents: readonly (readonly [string, () => Promise<Evidence> | Evidence])[] = [
  ["recorded, 2 pods, 733 requests", () => recorded("lab-shutdown-no-prestop-race")],
  ["500 pods, 12,000 requests", () => largeIncident(500)],
  ["2,000 pods, 12,000 requests", () => largeIncident(2000)],
];

const folder = mkdtempSync(join(tmpdir(), "why5xx-bench-report-"));
const browser = await startBrowser();
try {
  console.log(
    "| incident | diagnosis, lint and record | page drawn | HTML | gzip | Markdown | loaded by Chromium |",
  );
  console.log("|---|---:|---:|---:|---:|---:|---:|");
  for (const [name, evidenceOf] of incidents) {
    // oxlint-disable no-await-in-loop -- one after the other, so that each has the machine
    const composed: number[] = [];
    const drawn: number[] = [];
    let html = "";
    let markdown = "";
    for (let i = 0; i < 5; i++) {
      // New each time: what was derived once is kept with its evidence.
      const evidence = await evidenceOf();
      const { result, tookMs } = timed(() => incidentOf(evidence));
      composed.push(tookMs);
      const page = timed(() => renderIncidentHtml(result));
      drawn.push(page.tookMs);
      html = page.result;
      markdown = renderIncidentMarkdown(result);
    }
    const path = join(folder, "page.html");
    writeFileSync(path, html);
    const loads: number[] = [];
    for (let i = 0; i < runs; i++) {
      const page = await browser.open({ url: pathToFileURL(path).href });
      loads.push(page.loadMs);
      await page.close();
    }
    // oxlint-enable no-await-in-loop
    const cells = [
      name,
      ms(median(composed)),
      ms(median(drawn)),
      kb(Buffer.byteLength(html)),
      kb(gzipSync(html).length),
      kb(Buffer.byteLength(markdown)),
      `${ms(median(loads))} (${ms(Math.min(...loads))} to ${ms(Math.max(...loads))})`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
