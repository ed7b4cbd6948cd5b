import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import schema from "../../src/report/probe-report.schema.json" with { type: "json" };
import type { FlagValues } from "../../src/cli/flags.ts";
import { probeOf } from "../../src/cli/probe/probe-of.ts";
import type { ProbeReport } from "../../src/report/probe-report.ts";
import { runProgram } from "../cli/run-program.ts";
import { listening, scene, silent, url } from "./scene.ts";

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const problems = (report: object): string[] =>
  validate(report) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);

describe("probe names the layer that fails", () => {
  test("a Service that leads to a port where nothing listens, while the pods answer at the one they declare", async () => {
    const app = await listening((_, response) => response.end("hello"));
    const shop = await scene(
      (_, response) => response.writeHead(502).end("bad gateway"),
      (_, port) => (port === 8080 ? app : undefined),
    );
    const ran = await runProgram(
      ["probe", url, "--connect-to", shop.gateway, "-o", "json", "--max-time", "5s"],
      { env: { KUBECONFIG: shop.cluster.kubeconfigPath } },
    );
    expect(ran.code).toBe(1);
    const report = JSON.parse(ran.stdout) as ProbeReport;
    expect(problems(report)).toEqual([]);
    expect(report.verdict.layers).toEqual([
      expect.objectContaining({ from: "Service shop/cart", to: "the pods" }),
    ]);
    expect(report.verdict.sentence).toContain(
      "the Service leads to port 8081, where nothing listens; all 2 pods answer on port 8080",
    );
    expect(report.hops.find((hop) => hop.place === "gateway")?.origin).toEqual({
      who: "gateway",
      because: "none of the 2 pods answers 502 to the same request",
    });
    expect(new Set(shop.forwarded).size).toBe(shop.forwarded.length);
  });

  test("an application that makes the 503 itself, as pods give the same body to the same request", async () => {
    const asked: string[] = [];
    const answer = "sold out";
    const app = await listening((request, response) => {
      asked.push(`${request.method} ${request.headers.host}${request.url}`);
      response.writeHead(503).end(answer);
    });
    const shop = await scene(
      (_, response) => response.writeHead(503).end(answer),
      (_, port) => (port === 8081 ? app : undefined),
    );
    const report = await shop.probe();
    expect(report.verdict.layers).toMatchObject([
      { from: "the pods", to: "the application", what: expect.stringContaining("answers 503") as string },
    ]);
    expect(report.hops.find((hop) => hop.place === "gateway")?.origin?.who).toBe("application");
    expect(asked).toEqual(Array(2).fill("GET shop.example.com/cart?full=1"));
  });

  test("what lies between the gateway and pods that answer, and what a port-forward passes by", async () => {
    const app = await listening((_, response) => response.end("hello"));
    const shop = await scene(
      (_, response) => response.writeHead(504).end(),
      (_, port) => (port === 8081 ? app : undefined),
    );
    const report = await shop.probe();
    expect(report.verdict.layers).toMatchObject([{ from: "the gateway", to: "the pods" }]);
    expect(report.verdict.layers[0]?.because.join(" ")).toMatch(/NetworkPolicy.*127\.0\.0\.1/);
    expect(report.notes.join(" ")).toContain("port-forward");
  });

  test("one pod of two, while requests that come to the other are answered", async () => {
    const app = await listening((_, response) => response.end("hello"));
    const shop = await scene(
      (_, response) => response.end("hello"),
      (pod, port) => (port === 8081 && pod.endsWith("h4ccv") ? app : undefined),
    );
    const report = await shop.probe();
    expect(report.verdict.layers).toMatchObject([
      { from: "the gateway", to: "pod shop/cart-klq2m89p7t-jsvqp:8081" },
    ]);
  });

  test("none, when all answer", async () => {
    const app = await listening((_, response) => response.writeHead(404).end("hello"));
    const shop = await scene(
      (_, response) => response.writeHead(404).end("hello"),
      (_, port) => (port === 8081 ? app : undefined),
    );
    const report = await shop.probe();
    expect(report.verdict).toMatchObject({ state: "well", layers: [], next: [] });
  });
});

describe("what could not be asked", () => {
  test.each([
    ["v1.32.4", "get"],
    ["v1.35.0", "create"],
  ])(
    "of %s without the right to %s pods/portforward is not known, and who may grant it how",
    async (version, verb) => {
      const denied = [{ resource: "pods/portforward", verbs: [verb] }];
      const shop = await scene(
        (_, response) => response.writeHead(503).end(),
        () => undefined,
        { denied, version },
      );
      const report = await shop.probe();
      expect(shop.forwarded).toEqual([]);
      const pods = report.hops.filter((hop) => hop.place === "pod");
      expect(pods.map((hop) => hop.state)).toEqual(["unknown", "unknown"]);
      expect(report.unknown.map(({ reason }) => reason).join(" ")).toContain(
        "may not get and create pods/portforward in namespace shop",
      );
      expect(report.unknown.find(({ what }) => what.includes("cart"))?.next).toContain(
        "kubectl create role why5xx-probe --verb=get,create --resource=pods/portforward -n shop",
      );
      expect(report.verdict.layers).toMatchObject([
        { from: "the gateway", to: "the application", what: expect.stringContaining("not known") as string },
      ]);
    },
  );

  test("a URL alone: the address answers 503, and what is behind it is not known", async () => {
    const port = await listening((_, response) =>
      response
        .writeHead(503)
        .end(
          "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n",
        ),
    );
    const ran = await runProgram(["probe", `http://localhost:${port}/cart`, "--no-cluster"]);
    expect(ran.stdout).toContain(`between localhost:${port} and the application: it answers 503`);
    expect(ran.stdout).toContain("made by the gateway: it is HAProxy's own page");
    expect(ran.stdout).toMatch(/DNS +localhost +.*127\.0\.0\.1/);
    expect(ran.code).toBe(1);
    const markdown = await runProgram([
      "probe",
      `http://localhost:${port}/cart`,
      "--no-cluster",
      "-o",
      "markdown",
    ]);
    expect(markdown.stdout).toContain("| ✗ | address |");
  });

  test("no cluster in reach: the URL is probed all the same", async () => {
    const port = await listening((_, response) => response.end());
    const ran = await runProgram(["probe", `http://127.0.0.1:${port}/`]);
    expect(ran.stdout).toContain("Service and pods: no kubeconfig");
    expect(ran.stdout).toContain("No layer fails now");
    expect(ran.code).toBe(0);
  });
});

test.each<[string, FlagValues, string]>([
  ["ftp://shop.example.com/", {}, "is not HTTP"],
  [url, { method: "POST" }, "a probe only reads"],
  ["http://jane:secret@shop.example.com/", {}, "leave them out"],
  ["jane:secret@shop.example.com/", {}, "leave them out"],
  [url, { "connect-to": "nowhere" }, "write HOST:PORT"],
  [url, { "max-time": "soon" }, "write a duration"],
  ["ingress/cart", { "no-cluster": true }, "leaves only a URL"],
  ["http://", {}, "cannot read"],
])("%s with %j is refused with what would be taken", async (operand, values, said) => {
  const refused = probeOf({ values, operands: [operand], program: "why5xx" }, silent);
  await expect(refused).rejects.toThrow(said);
  await expect(refused).rejects.not.toThrow("secret");
});
