import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { serveCluster } from "../../lab/api-server/serve.ts";
import { version } from "../../src/base/version.ts";
import { filesBelow } from "../house/source-files.ts";
import { accessLine, failedLine } from "../logs/log-text.ts";
import { root, runProgram } from "./run-program.ts";

const incident = "target-port-nobody-listens-on";
const fromBundle = ["shop.example.com/cart", "--from", `corpus/${incident}/bundle`];
let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why5xx-build-"));
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  symlinkSync(join(root, "docs"), join(folder, "docs"));
  const rolldown = join(root, "node_modules/rolldown/bin/cli.mjs");
  execFileSync(process.execPath, [rolldown, "-c", "rolldown.config.ts", "--logLevel", "silent"], {
    cwd: root,
    env: { ...process.env, WHY5XX_OUT_DIR: join(folder, "dist") },
  });
  program = join(folder, "dist/why5xx.js");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the built program", () => {
  test("is one executable file with a shebang that loads the rest on use", () => {
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(program).mode & 0o111).toBe(0o111);
    expect(statSync(program).size).toBeLessThan(4000);
  });

  test("tells the version of the package", async () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(version).toBe(manifest.version);
    expect(await runProgram(["--version"], { program })).toEqual({
      stdout: `${version}\n`,
      stderr: "",
      code: 0,
    });
  });

  test.each([
    [fromBundle],
    [["explain", "service-missing"]],
    [["schema"]],
    [["--help"]],
    [["causes", "-o", "json"]],
    [["lab", "list"]],
  ])("%j says the same as from the sources", async (args) => {
    const [built, source] = await Promise.all([runProgram(args, { program }), runProgram(args)]);
    expect(built).toEqual(source);
    expect(built.code).toBeLessThan(2);
  });

  test("scans a log that is large enough for worker threads", async () => {
    const log = join(folder, "access.log");
    const lines = Array.from({ length: 1000 }, (_, i) => (i % 100 === 0 ? failedLine(502) : accessLine()));
    writeFileSync(log, `${lines.join("\n")}\n`.repeat(140));
    expect(statSync(log).size).toBeGreaterThan(24 * 1024 * 1024);
    expect(readdirSync(join(folder, "dist"))).toContain("log-scan-worker.js");
    const { stdout } = await runProgram(["logs", log, "-o", "json"], { program });
    const report = JSON.parse(stdout) as { requests: unknown; lines: unknown };
    expect(report.lines).toMatchObject({ total: 140_000, access: 140_000 });
    expect(report.requests).toMatchObject({ total: 140_000, failed: 1400 });
  });

  test("reads a live cluster", async () => {
    const recorded = frozenCases().find((c) => c.id === incident);
    if (recorded === undefined) throw new Error(`corpus/${incident} is gone`);
    const served = await serveCluster(await evidenceOf(recorded));
    try {
      const { stdout, stderr, code } = await runProgram(["shop.example.com/cart"], {
        program,
        env: { KUBECONFIG: served.kubeconfigPath },
      });
      expect({ stderr, code }).toEqual({ stderr: "", code: 1 });
      expect(stdout).toContain("wrong-target-port-number");
    } finally {
      await served.close();
    }
  });

  test("holds what the lab runs and reads in processes of its own", () => {
    const named = filesBelow("lab").flatMap(({ text }) =>
      [...text.matchAll(/\b(?:ownFile|beside)\("([^"]+)"\)|"(gateways\/\w+\/main\.ts)"/g)].flatMap(
        ([call, path = "", main]) => main ?? (call?.startsWith("beside") ? `images/${path}` : path),
      ),
    );
    expect(named.length).toBeGreaterThan(8);
    const built = named.map((path) =>
      path.endsWith(".ts") ? `lab-${path.slice(0, -3).replaceAll("/", "-")}.js` : `lab/${path}`,
    );
    expect(built.filter((path) => !existsSync(join(folder, "dist", path)))).toEqual([]);
  });

  test("carries the licences of what is bundled in it", () => {
    const notices = readFileSync(join(folder, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
    for (const name of ["@kubernetes/client-node", "yaml", "tar-stream"])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, "m"));
    expect(notices).not.toContain("licence: undefined");
    expect(readdirSync(join(folder, "dist")).length).toBeGreaterThan(10);
  });
});
