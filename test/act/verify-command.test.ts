import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { VerifyReport } from "../../src/report/verify-report.ts";
import { runProgram } from "../cli/run-program.ts";

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
});

interface Seen {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/** A gateway that answers what it is told to, and remembers what it was asked. */
async function gateway(statusOf: (index: number) => number): Promise<{ at: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { method = "", headers, url = "" } = request;
    seen.push({ method, host: headers.host ?? "", path: url });
    response.writeHead(statusOf(seen.length - 1), { Connection: "close" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  return { at: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const target = "shop.example.com/cart";
const bundle = ["--from", "corpus/target-port-nobody-listens-on/bundle"];
const verify = (at: string, ...more: string[]) =>
  runProgram(["verify", target, ...bundle, "--connect-to", at, "--rps", "50", "-o", "json", ...more]);
const reportOf = ({ stdout }: { stdout: string }): VerifyReport => JSON.parse(stdout) as VerifyReport;

describe("verify", () => {
  test("sends the request that failed most, with its Host, and says fixed when none fails", async () => {
    const { at, seen } = await gateway(() => 200);
    const ran = await verify(at);
    const report = reportOf(ran);
    expect(report).toMatchObject({ verdict: "fixed", before: { requests: 36, failed: 36 } });
    expect(report.luck).toBeLessThan(0.01);
    expect(ran.code).toBe(0);
    expect(new Set(seen.map(({ method, host }) => `${method} ${host}`))).toEqual(
      new Set(["GET shop.example.com"]),
    );
  });

  test("says not fixed when they go on to fail", async () => {
    const { at } = await gateway(() => 502);
    const ran = await verify(at);
    expect(reportOf(ran)).toMatchObject({ verdict: "not-fixed", after: { answers: { "502": 20 } } });
    expect(ran.code).toBe(1);
  });

  test("says not fixed when some still fail, and that there are fewer", async () => {
    const { at } = await gateway((index) => (index % 10 === 9 ? 502 : 200));
    const report = reportOf(await verify(at));
    expect(report.verdict).toBe("not-fixed");
    expect(report.why).toMatch(/^fewer than before, but \d+ of \d+ still fail$/);
  });

  test("does not take a gateway that is not there for the fault", async () => {
    const { at } = await gateway(() => 200);
    await new Promise((done) => open.pop()?.close(done));
    const ran = await verify(at);
    const report = reportOf(ran);
    expect(report).toMatchObject({ verdict: "cannot-tell", after: { answers: { ECONNREFUSED: 20 } } });
    expect(report.why).toContain("say where it is with --connect-to HOST:PORT");
    expect(ran.code).toBe(2);
  });

  test("cannot tell of one in ten thousand in a second, says how long it takes, and keeps to its rate", async () => {
    const { at, seen } = await gateway(() => 200);
    const ran = await verify(at, "--before", "100/1000000", "--for", "1s", "--rps", "10");
    const report = reportOf(ran);
    expect(report.verdict).toBe("cannot-tell");
    expect(report.needed?.requests).toBeGreaterThan(46_000);
    expect(report.needed?.seconds).toBeCloseTo((report.needed?.requests ?? 0) / 10);
    expect(ran.code).toBe(2);
    expect(seen.length).toBeLessThanOrEqual(10);
  });

  test("is not taken in by answers that did not reach the application", async () => {
    const { at } = await gateway(() => 404);
    expect(reportOf(await verify(at))).toMatchObject({ verdict: "cannot-tell" });
  });

  test("a method that changes something is sent only when it is named", async () => {
    const { at, seen } = await gateway(() => 200);
    const race = ["--from", "corpus/application-closes-idle-connections-first/bundle"];
    const args = ["verify", "bank.example.ch/", ...race, "--connect-to", at, "--for", "1s", "-o", "json"];
    const got = reportOf(await runProgram(args));
    expect(got.verdict).toBe("cannot-tell");
    expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(["GET"]));
    seen.length = 0;
    await runProgram([...args, "--method", "post"]);
    expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(["POST"]));
  });

  test("failures that come with rollouts are not called fixed without one", async () => {
    const { at } = await gateway(() => 200);
    const report = reportOf(
      await runProgram([
        "verify",
        "bank.example.ch/",
        "--from",
        "corpus/application-closes-connections-as-it-stops/bundle",
        "--connect-to",
        at,
        "--before",
        "50/100",
        "-o",
        "json",
      ]),
    );
    expect(report).toMatchObject({ verdict: "cannot-tell" });
    expect(report.why).toContain('--during "rollout restart deployment/NAME"');
  });
});

test("failures of idle connections are not called fixed by a steady pace", async () => {
  const { at } = await gateway(() => 200);
  const race = ["--from", "corpus/application-closes-idle-connections-first/bundle"];
  const args = [
    "verify",
    "bank.example.ch/",
    ...race,
    "--connect-to",
    at,
    "--before",
    "50/100",
    "-o",
    "json",
  ];
  const report = reportOf(await runProgram(args));
  expect(report).toMatchObject({ verdict: "cannot-tell", after: { failed: 0 } });
  expect(report.why).toContain("connections that were idle");
  // Eight at once each time they have rested.
  const rested = reportOf(await runProgram([...args, "--idle", "200ms"]));
  expect(rested).toMatchObject({ verdict: "fixed", request: { perSecond: 40 }, after: { failed: 0 } });
});

describe("verify refuses", () => {
  test("somebody else's host without a yes", async () => {
    const { stderr, code } = await runProgram(["verify", target, ...bundle, "--connect-to", "192.0.2.7:80"]);
    expect(stderr).toContain("192.0.2.7 is neither a private address nor what shop.example.com/cart names.");
    expect(code).toBe(2);
  });

  test.each([
    [["--rps", "0"], "--rps 0: give a number from 0.1 to 100."],
    [
      ["--idle", "1s,2s"],
      "--idle 1s,2s: give one time here; several at once keep each other's connections busy.",
    ],
    [["--rps", "1000"], "--rps 1000: give a number from 0.1 to 100."],
    [["--before", "5/2"], "--before 5/2: write how many of how many failed, such as 12/4000."],
    [["--connect-to", "gateway"], "--connect-to gateway: write HOST:PORT"],
    [["--method", "GET /"], "--method GET /: name an HTTP method"],
    [["--url", "ftp://x"], "--url ftp://x: give an http or https URL."],
    [["--for", "soon"], "--for soon: write a duration"],
    [["--during", "delete deployment/web"], "--during acts on the cluster of the context"],
    [["-o", "markdown"], "choose one of text, json"],
  ])("%j", async (flags, message) => {
    const { stderr, code } = await runProgram(["verify", target, ...bundle, ...flags]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
