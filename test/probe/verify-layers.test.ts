import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { TerminalStyle } from "../../src/base/terminal.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderProbeMarkdown } from "../../src/render/probe-markdown.ts";
import { renderProbe } from "../../src/render/probe-terminal.ts";
import { renderVerify } from "../../src/render/verify-terminal.ts";
import schema from "../../src/report/verify-report.schema.json" with { type: "json" };
import type { VerifyReport } from "../../src/report/verify-report.ts";
import { runProgram } from "../cli/run-program.ts";
import { listening, scene } from "./scene.ts";

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const style: TerminalStyle = { width: 100, hasColor: false, hasUnicode: true };

test("verify shows the layer where it still fails, and asks nobody where it is fixed", async () => {
  const app = await listening((_, response) => response.end("hello"));
  let status = 502;
  const shop = await scene(
    (_, response) => response.writeHead(status).end(),
    (_, port) => (port === 8080 ? app : undefined),
  );
  const args = [
    "verify",
    "shop.example.com/cart",
    "--connect-to",
    shop.gateway,
    "--rps",
    "100",
    "--for",
    "2s",
  ];
  const run = () =>
    runProgram([...args, "--before", "100/100", "-o", "json"], {
      env: { KUBECONFIG: shop.cluster.kubeconfigPath },
    });
  const failing = await run();
  const report = JSON.parse(failing.stdout) as VerifyReport;
  expect(isValid(report) ? [] : isValid.errors).toEqual([]);
  expect(report.verdict).toBe("not-fixed");
  expect(report.layers?.verdict.layers).toMatchObject([{ from: "Service shop/cart", to: "the pods" }]);
  expect(failing.code).toBe(1);
  expect(renderVerify(report, style)).toContain(
    "The failing layer is between Service shop/cart and the pods",
  );
  status = 200;
  const before = shop.forwarded.length;
  const fixed = JSON.parse((await run()).stdout) as VerifyReport;
  expect(fixed.verdict).toBe("fixed");
  expect(fixed.layers).toBeUndefined();
  expect(shop.forwarded.length).toBe(before);
});

test("what a gateway and a pod say is shown and does nothing", async () => {
  const evil = "\u001b[2J\u202e<script>|`x`\r\n## hello @everyone";
  const app = await listening((_, response) => response.writeHead(503).end(evil));
  const shop = await scene(
    (_, response) => response.writeHead(503, "No | `way` <b>").end(evil),
    () => app,
  );
  const report = await shop.probe();
  const terminal = renderProbe(report, { style, verbose: true });
  expect(terminal).toContain("says: \\u{1b}[2J\\u{202e} |`x` ## hello @everyone");
  const markdown = renderProbeMarkdown(report);
  expect(markdown).toContain("No \\| \\`way\\` &lt;b&gt;");
  const texts = [terminal, markdown, renderJson(report)];
  expect(texts.filter((text) => text.includes("\u001b") || text.includes("\u202e"))).toEqual([]);
});
