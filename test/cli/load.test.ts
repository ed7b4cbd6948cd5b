import { spawn } from "node:child_process";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { makeCertificates } from "../../lab/api-server/certificates.ts";
import type { LoadReport } from "../../src/report/load-report.ts";
import loadSchema from "../../src/report/load-report.schema.json" with { type: "json" };
import { askedLoad } from "../../src/cli/load/asked-load.ts";
import { judged } from "../../src/cli/load/limits.ts";
import { liveText } from "../../src/cli/load/live-line.ts";
import { parse } from "../../src/cli/parse.ts";
import { deadUrl, httpServer } from "../act/load/servers.ts";
import { incident } from "../act/incident.ts";
import { lacks, openssl } from "../support/programs.ts";
import { bareEnvironment, main, type Ran, runProgram } from "./run-program.ts";

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(loadSchema);
const reportOf = ({ stdout }: Ran): LoadReport => {
  const report = JSON.parse(stdout) as LoadReport;
  isValid(report);
  expect(isValid.errors ?? []).toEqual([]);
  return report;
};
const load = (url: URL | string, ...more: string[]): Promise<Ran> =>
  runProgram(["load", String(url), "--rps", "50", "--duration", "1s", ...more]);
const every = (n: number, status: number) =>
  httpServer((_, response, index) => response.writeHead(index % n === n - 1 ? status : 200).end());

describe("load", () => {
  test("that nothing fails of holds, and says how much may fail at most", async () => {
    const ran = await load(await every(1000, 502), "-o", "json");
    const report = reportOf(ran);
    expect(report).toMatchObject({
      verdict: "held",
      counts: { requests: 50, failed: 0 },
      statuses: { 200: 50 },
    });
    expect(report.why).toBe("50 requests, none failed: at most 5.8 % do, with 95 % confidence");
    expect(report.unattributed).toMatch(/^no kubeconfig/);
    expect(ran.code).toBe(0);
  });

  test.each([
    [["--max-5xx", "4"], 1, "broken"],
    [["--max-5xx", "10%"], 0, "held"],
  ])("of which one in ten fails: %j", async (limits, code, verdict) => {
    const ran = await load(await every(10, 503), ...limits, "-o", "json");
    expect(reportOf(ran)).toMatchObject({ verdict, counts: { requests: 50, failed: 5 } });
    expect(ran.code).toBe(code);
  });

  test("says on a terminal and for a channel what it says to a program", async () => {
    const url = await every(10, 503);
    const [plain, markdown] = await Promise.all([load(url, "--idle", "300ms"), load(url, "-o", "markdown")]);
    expect(plain.stdout).toMatch(/^✗ not held: \d+ of \d+ requests failed\.$/m);
    expect(plain.stdout).toMatch(/^Idle {5}connections that rested 300 ms: /m);
    expect(plain.stderr).toContain("Failures are counted, not attributed: no kubeconfig");
    expect(markdown.stdout).toMatch(/^### ❌ not held: \d+ of \d+ requests failed\.$/m);
    expect(markdown.stdout).toMatch(/^\| answers \| 200 ×\d+, 503 ×\d+ \|$/m);
  });

  test("sends its own name, an id and the headers that were asked for, whose values it keeps to itself", async () => {
    const seen: (string | undefined)[][] = [];
    const url = await httpServer(({ headers, method }, response) => {
      seen.push([method, headers.host, headers["user-agent"], headers.authorization]);
      response.end();
    });
    const ran = await load(
      "http://shop.test/cart",
      "--connect-to",
      url.host,
      "--method",
      "post",
      "--header",
      "Authorization: Bearer s3cret",
      "-o",
      "json",
    );
    expect(new Set(seen.map((s) => s.join(" ")))).toEqual(
      new Set(["POST shop.test why5xx-load Bearer s3cret"]),
    );
    expect(reportOf(ran).request.headers).toEqual(["Authorization"]);
    expect(ran.stdout + ran.stderr).not.toContain("s3cret");
  });

  test("nobody there is no failure of what is behind: it cannot tell", async () => {
    const ran = await load(await deadUrl(), "-o", "json");
    expect(reportOf(ran)).toMatchObject({ verdict: "cannot-tell", counts: { failed: 50 } });
    expect(reportOf(ran).why).toContain("--connect-to HOST:PORT");
    expect(ran.code).toBe(2);
  });

  test("Ctrl-C ends it", async () => {
    const { promise: isUnderWay, resolve } = Promise.withResolvers<void>();
    const url = await httpServer((_, response, index) => {
      if (index === 15) resolve();
      response.end();
    });
    const child = spawn(
      process.execPath,
      [main, "load", url.href, "--rps", "50", "--duration", "1h", "-o", "json"],
      { env: bareEnvironment },
    );
    const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
    await isUnderWay;
    child.kill("SIGINT");
    const code = await new Promise<number | null>((done) => void child.once("close", done));
    const [stdout, stderr] = await outputs;
    const report = reportOf({ stdout, stderr, code });
    expect(report).toMatchObject({ isCutShort: true, verdict: "held", counts: { failed: 0 } });
    expect(report.counts.requests).toBeGreaterThan(10);
    expect(code).toBe(0);
  });

  test("a hostile URL is shown and does nothing", async () => {
    const url = await every(1, 502);
    const ran = await load(`${url.href}a%1b[31m?x=\u001b]0;t\u0007`);
    // oxlint-disable-next-line no-control-regex
    expect(ran.stdout + ran.stderr).not.toMatch(/[\u0007\u001b]/);
    expect(ran.code).toBe(1);
  });
});

test.skipIf(lacks("load through TLS", openssl))(
  "a certificate that does not hold is taken with --insecure only",
  async () => {
    const { certificate, key } = makeCertificates("nobody");
    const server = createTlsServer({ cert: certificate, key }, (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const at = ["--connect-to", `127.0.0.1:${(server.address() as AddressInfo).port}`, "-o", "json"];
    const [strict, insecure] = await Promise.all([
      load("https://shop.test/", ...at),
      load("https://shop.test/", ...at, "--insecure"),
    ]);
    server.closeAllConnections();
    server.close();
    expect(reportOf(strict)).toMatchObject({
      verdict: "cannot-tell",
      errors: [{ kind: "tls", requests: 50 }],
    });
    expect(reportOf(insecure)).toMatchObject({ verdict: "held", statuses: { 200: 50 } });
  },
);

describe("with the cluster that serves the URL", () => {
  test("failures are laid against what was watched, and the usual diagnosis is told", async () => {
    const scene = await incident(() => 502);
    const args = ["load", "http://shop.example.com/cart", "--connect-to", scene.gateway];
    const ran = await scene.run([...args, "--rps", "20", "--duration", "1s", "-o", "json"]);
    const { cluster, verdict } = reportOf(ran);
    expect(cluster).toMatchObject({ target: "shop.example.com/cart", podsDeleted: 0 });
    expect(cluster?.attribution).toMatchObject({ of: 20, explained: 0 });
    expect([verdict, ran.code]).toEqual(["broken", 1]);
  });

  test("--during replaces the pods in the middle of it", async () => {
    const scene = await incident(() => 200);
    const args = ["load", "http://shop.example.com/cart", "--connect-to", scene.gateway, "--duration", "3s"];
    const ran = await scene.run([...args, "--during", "rollout restart deploy/cart", "-o", "json"]);
    const deployment = scene.cluster.store.get("deployments", "cart", "shop")?.object as {
      spec?: { template?: { metadata?: { annotations?: Record<string, string> } } };
    };
    expect(Object.keys(deployment.spec?.template?.metadata?.annotations ?? {})).toContain(
      "kubectl.kubernetes.io/restartedAt",
    );
    expect(reportOf(ran).during?.action).toBe("rollout restart deploy/cart");
  });

  test("a cluster that goes away meanwhile takes nothing of what was measured with it", async () => {
    let asked = 0;
    let closing: Promise<void> | undefined;
    const scene = await incident(() => {
      asked += 1;
      if (asked === 5) closing = scene.cluster.close();
      return 200;
    });
    const args = ["load", "http://shop.example.com/cart", "--connect-to", scene.gateway];
    const ran = await scene.run([...args, "--rps", "20", "--duration", "1s", "-o", "json"]);
    await closing;
    const report = reportOf(ran);
    expect(report).toMatchObject({ verdict: "held", counts: { requests: 20, failed: 0 } });
    expect(report.unattributed).toMatch(/^the cluster could not be read after the load: /);
    expect(ran.code).toBe(0);
  });

  test("--during something that is not there ends it", async () => {
    const scene = await incident(() => 200);
    const args = ["load", "http://shop.example.com/cart", "--connect-to", scene.gateway, "--duration", "4s"];
    const ran = await scene.run([...args, "--during", "rollout restart deploy/nothing"]);
    expect(ran.stderr).toContain("there is no Deployment shop/nothing any more");
    expect([ran.stdout, ran.code]).toEqual(["", 2]);
  });
});

test.each([
  ["somebody else's address", "http://192.0.2.7/", [], "192.0.2.7 is neither a private address nor served"],
  ["a name without an address", "http://nobody.invalid/", [], "Say where the gateway is: --connect-to"],
  [
    "a rollout without a cluster",
    "http://127.0.0.1/",
    ["--during", "rollout restart deploy/a"],
    "--during acts on the cluster that serves the URL: no kubeconfig",
  ],
])("load refuses %s", async (_, url, more, message) => {
  const { stderr, stdout, code } = await runProgram(["load", url, ...more]);
  expect(stderr).toContain(message);
  expect([stdout, code]).toEqual(["", 2]);
});

const asked = (...args: readonly string[]) => {
  const { values, operands } = parse(["load", ...args]);
  return askedLoad(values, operands[0] ?? "");
};

describe("load refuses what is no load", () => {
  const here = "http://127.0.0.1/";
  test.each([
    ["a URL without a host", ["http://"], '"http://" is no URL to send requests to'],
    ["another scheme", ["ftp://127.0.0.1/"], "give http://HOST/PATH or https://HOST/PATH"],
    ["credentials in the URL", ["http://me:pw@127.0.0.1/"], "and credentials with --header"],
    ["no rate", [here, "--rps", "0"], "--rps 0: give a number from 0.1 to 1000."],
    ["a rate beyond bounds", [here, "--rps", "1e9"], "--rps 1e9: give a number"],
    ["a time beyond bounds", [here, "--duration", "2d"], "--duration 2d: give 1s to 21600s."],
    ["too many", [here, "--rps", "1000", "--duration", "5h"], "more than 2,000,000 requests"],
    ["rests that are none", [here, "--idle", "1ms"], "--idle 1ms: give up to 16 times"],
    ["half a list", [here, "--idle", "5s,"], "--idle 5s,: write times such as 5s,60s."],
    ["a share above all", [here, "--max-5xx", "101%"], "--max-5xx 101%: give how many may fail"],
    ["half a request", [here, "--max-5xx", "0.5"], "--max-5xx 0.5: give how many may fail"],
    ["a header that is none", [here, "--header", "x"], 'write "Name: value"'],
    ["two lines in a header", [here, "--header", "x: y\r\nz: 1"], 'write "Name: value"'],
    ["an id of one's own", [here, "--header", "X-Request-ID: 1"], "why5xx load sets that itself"],
    ["other acts", [here, "--during", "delete ns a"], 'write "rollout restart deployment/NAME"'],
    ["nothing", [], "Say what to ask for: load https://shop.example.com/cart."],
    ["a flag of others", [here, "--from", "x"], "load has no flag --from. See: load --help"],
  ])("%s", (_, args, message) => {
    expect(() => asked(...args)).toThrow(message);
  });
});

describe("limits", () => {
  test.each([
    [[], 1, false],
    [["--max-5xx", "5"], 5, true],
    [["--max-5xx", "4"], 5, false],
    [["--max-5xx", "10%"], 5, true],
    [["--max-5xx", "9.9%"], 5, false],
    [["--max-5xx", "10%", "--max-p99", "300ms"], 5, true],
    [["--max-5xx", "10%", "--max-p99", "299ms"], 5, false],
  ])("%j with %i of 50 failed and a p99 of 300 ms", (args, failed, held) => {
    const { limits } = asked("http://127.0.0.1/", ...args);
    const all = judged(limits, { requests: 50, failed, p99Ms: 300 });
    expect(all.every((one) => one.held)).toBe(held);
  });

  test("on latency are not held by a load that nobody answered", () => {
    const { limits } = asked("http://127.0.0.1/", "--max-p99", "1s");
    expect(judged(limits, { requests: 50, failed: 0 })[1]).toMatchObject({
      measured: "no answer",
      held: false,
    });
  });
});

test("the live line tells how far it is, what failed, and what is done meanwhile", () => {
  const tally = { requests: 1240, failed: 3, recentP99Ms: () => 43.4 };
  const end = "Ctrl-C ends it";
  expect(liveText(tally, 62_000, 300_000, undefined)).toBe(
    `62 of 300 s, 1,240 answered, 3 failed, p99 lately 43 ms, ${end}`,
  );
  expect(liveText(tally, 62_000, 300_000, { state: "under-way" })).toBe(
    `62 of at most 300 s, 1,240 answered, 3 failed, p99 lately 43 ms, rollout under way, ${end}`,
  );
});
