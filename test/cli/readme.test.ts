import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { type ServedCluster, serveCluster } from "../../lab/api-server/serve.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { section, shellLines, withSection } from "./readme-lines.ts";
import { causesTable, commandTable, exitCodeTable, flagTable } from "./readme-tables.ts";
import { bareEnvironment, main, root, runProgram } from "./run-program.ts";
import { lacks } from "../support/programs.ts";

const readmePath = join(root, "README.md");
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";
const incident = "target-port-nobody-listens-on";

async function transcript(): Promise<string> {
  const args = ["shop.example.com/cart", "--from", `corpus/${incident}/bundle`];
  const { stdout } = await runProgram(args, { env: { COLUMNS: "110" } });
  return `\`\`\`console\n$ why5xx ${args.join(" ")}\n${stdout}\`\`\``;
}

describe("what the program knows of itself stands in the README as it is", () => {
  const sections: Readonly<Record<string, () => string | Promise<string>>> = {
    transcript,
    "exit-codes": exitCodeTable,
    commands: commandTable,
    flags: flagTable,
    causes: () => causesTable(catalogue),
  };
  test.each(Object.keys(sections))("%s", async (name) => {
    const expected = (await sections[name]?.()) ?? "";
    expect(expected.length).toBeGreaterThan(100);
    if (isUpdating) writeFileSync(readmePath, withSection(readFileSync(readmePath, "utf8"), name, expected));
    expect(section(readFileSync(readmePath, "utf8"), name)).toBe(expected);
  });
});

/** Not run here, each with its reason. */
const notRun: Readonly<Record<string, string>> = {
  "npm ci": "it is how this test came to run",
  "npm run build": "test/cli/build.test.ts builds into a folder of its own",
  "npm link": "it changes the machine",
  "why5xx lab run keepalive-idle-race --seed 7": "test/lab/run runs faults of the lab",
  "why5xx fix shop.example.com/cart --apply": "test/act makes changes in clusters of its own",
  "why5xx fix shop.example.com/cart --manifests k8s/": "test/act edits files of its own",
  "why5xx fix --rollback": "test/act takes changes back in clusters of its own",
  "why5xx probe https://shop.example.com/cart": "it sends requests; test/probe probes gateways of its own",
  "why5xx probe https://shop.example.com/cart --connect-to 10.0.0.7:443 -o markdown": "it sends requests",
  "why5xx probe https://shop.example.com/cart --no-cluster": "it sends requests",
  "why5xx verify shop.example.com/cart": "it sends requests; test/act verifies against gateways of its own",
  "why5xx verify shop.example.com/cart --from incident.tar.gz --connect-to 10.0.0.7:80": "it sends requests",
  'why5xx verify shop.example.com/cart --during "rollout restart deployment/cart"': "it replaces pods",
  'why5xx load https://shop.example.com/cart --during "rollout restart deployment/cart"':
    "it replaces pods; test/lab/run does it in a lab",
  "why5xx load https://shop.example.com/cart --idle 5s,60s --duration 5m --method POST":
    "it takes that long; test/act/load rests for less",
  "why5xx load http://shop.example.com/cart --connect-to 127.0.0.1:8080 --max-5xx 0.1% --max-p99 800ms -o markdown":
    "test/cli/load.test.ts sends to gateways of its own",
  "why5xx watch shop.example.com/cart --for 5m":
    "it takes that long; test/cli/watch.test.ts watches clusters of its own",
  "why5xx watch ingress/cart -n shop --for 10m -o markdown --save deploy.tar.gz": "it takes that long",
  "kubectl port-forward -n monitoring svc/prometheus 9090": "it stays until it is stopped",
  "why5xx shop.example.com/cart --prometheus http://127.0.0.1:9090":
    "test/gather-prometheus asks a Prometheus of its own",
  "why5xx bundle incident.tar.gz shop.example.com/cart --prometheus http://127.0.0.1:9090 --since 6h":
    "test/gather-prometheus asks a Prometheus of its own",
  "why5xx report shop.example.com/cart --from incident.tar.gz > incident.html":
    "the page goes to the file; test/cli/report.test.ts looks at it",
  "why5xx verify shop.example.com/cart -o json > verified.json": "it sends requests",
  "why5xx report shop.example.com/cart --from incident.tar.gz --verified verified.json --escalation oncall.yaml > incident.html":
    "test/cli/report.test.ts gives both",
  "why5xx lab up": "it stays until it is stopped; test/lab/machine starts and ends labs",
};

describe("every command of the README works as printed, in its order", () => {
  const lines = shellLines(readFileSync(readmePath, "utf8")).map(({ line }) => line);
  const scripts = (
    JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }
  ).scripts;
  let folder: string;
  let served: ServedCluster;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "why5xx-readme-"));
    installInto(join(folder, "bin"));
    const recorded = frozenCases().find((c) => c.id === incident);
    if (recorded === undefined) throw new Error(`corpus/${incident} is gone`);
    const evidence = await evidenceOf(recorded);
    served = await serveCluster(evidence);
    const gatewayLog = evidence.logs.find((log) => log.namespace === "ingress-nginx")?.bytes;
    if (gatewayLog === undefined) throw new Error("the incident has no gateway log");
    const logged = Buffer.from(gatewayLog).toString("utf8").trimEnd().split("\n");
    mkdirSync(join(folder, "k8s"));
    copyFileSync(join(root, "test/lint/cases/keepalive-inverted/bad.yaml"), join(folder, "k8s/cart.yaml"));
    writeFileSync(join(folder, "access.log"), inFile(logged.filter((line) => !isError(line))));
    writeFileSync(join(folder, "error.log"), inFile(logged.filter(isError)));
  });
  afterAll(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  test("there are such lines", () => expect(lines.length).toBeGreaterThan(15));

  const isPoor = lacks("README lines that call kubectl", ["kubectl", "version", "--client"]);

  test.each(lines.filter((line) => !isPoor || !needsKubectl(line)))("%s", async (line) => {
    const script = /^npm run ([\w:]+)$/.exec(line)?.[1];
    expect(script === undefined || scripts[script] !== undefined).toBe(true);
    if (notRun[line] !== undefined) return;
    const isHere = line.startsWith("npm ");
    const ran = await shell(line, {
      cwd: isHere ? root : folder,
      env: {
        ...bareEnvironment,
        KUBECONFIG: served.kubeconfigPath,
        PATH: `${folder}/bin:${process.env["PATH"] ?? ""}`,
      },
    });
    expect(ran.stderr).not.toMatch(/^why5xx:/m);
    // Logs alone may leave open why every connect is refused; then the code is 2, and the report is there.
    const isOfLogs = line.includes("why5xx logs ");
    expect(isOfLogs ? [0, 1, 2] : [0, 1]).toContain(ran.code);
    expect(ran.stdout).toMatch(isOfLogs ? /(36 of 36|12 of 12) requests|"total": 36/ : /^/);
    expect(ran.stdout + ran.stderr).not.toBe("");
  });
});

const isError = (line: string): boolean => /\d{4}\/\d\d\/\d\d /.test(line.slice(0, 60));

const inFile = (kept: readonly string[]): string => `${kept.join("\n")}\n`;

const needsKubectl = (line: string): boolean => /^kubectl | dump\b/.test(line);

/** `why5xx` and its plugin name, as `npm link` would put them on the PATH. */
function installInto(bin: string): void {
  mkdirSync(bin);
  for (const name of ["why5xx", "kubectl-why5xx"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
}

async function shell(line: string, options: { cwd: string; env: Record<string, string> }) {
  const child = spawn("bash", ["-c", line], options);
  child.stdin.end();
  const closed = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, code: (await closed)[0] };
}
