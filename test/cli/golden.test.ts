import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { type ServedCluster, serveCluster } from "../../lab/api-server/serve.ts";
import { type Ran, root, runProgram } from "./run-program.ts";

/** Whole runs as a person sees them. `UPDATE_GOLDEN=1 npx vitest run test/cli/golden.test.ts` writes the files; nothing else does. */
interface Transcript {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Against the recorded incident, served as a cluster. */
  readonly isLive?: true;
}

const incident = "target-port-nobody-listens-on";
const incidentArgs = ["shop.example.com/cart", "--from", `corpus/${incident}/bundle`];

const gatewayLog = `corpus/${incident}/bundle/logs/ingress-nginx`;

const transcripts: Readonly<Record<string, Transcript>> = {
  help: { args: ["--help"] },
  "diagnose-help": { args: ["diagnose", "--help"] },
  "bundle-help": { args: ["help", "bundle"] },
  "fix-help": { args: ["fix", "--help"] },
  "fix-explained": { args: ["fix", ...incidentArgs] },
  "fix-apply-from-a-bundle": { args: ["fix", ...incidentArgs, "--apply"] },
  "probe-help": { args: ["probe", "--help"] },
  "probe-without-url": { args: ["probe"] },
  "verify-help": { args: ["verify", "--help"] },
  "verify-without-target": { args: ["verify"] },
  "watch-help": { args: ["watch", "--help"] },
  "watch-without-target": { args: ["watch"] },
  "logs-help": { args: ["logs", "--help"] },
  "logs-alone": { args: ["logs", gatewayLog] },
  "logs-alone-markdown": { args: ["logs", gatewayLog, "-o", "markdown"] },
  "logs-beside-a-bundle": { args: ["logs", gatewayLog, "--from", `corpus/${incident}/bundle`] },
  "logs-no-such-file": { args: ["logs", "acces.log"] },
  "lint-help": { args: ["lint", "--help"] },
  "lint-found": { args: ["lint", "test/lint/cases/timeouts-inverted/bad.yaml"] },
  "lint-found-verbose": { args: ["lint", "test/lint/cases/prestop-hook-missing/bad.yaml", "--verbose"] },
  "lint-nothing-found": { args: ["lint", "test/lint/cases/timeouts-inverted/good.yaml"] },
  "lint-github": { args: ["lint", "test/lint/cases/target-port-undeclared/bad.yaml", "-o", "github"] },
  "lint-no-such-file": { args: ["lint", "k8s"] },
  "lint-live": { args: ["lint", "-n", "shop"], isLive: true },
  ladder: { args: ["ladder", "--from", "test/lint/cases/keepalive-inverted/bad.yaml"] },
  "ladder-live": { args: ["ladder", "shop.example.com/cart"], isLive: true },
  "explain-help": { args: ["explain", "--help"] },
  "lab-help": { args: ["lab", "--help"] },
  "lab-without-part": { args: ["lab"] },
  "lab-no-such-part": { args: ["lab", "rnu"] },
  "lab-no-such-fault": { args: ["lab", "run", "keepalive-race"] },
  "lab-no-such-seed": { args: ["lab", "run", "keepalive-idle-race", "--seed", "0"] },
  "lab-record-nowhere": { args: ["lab", "record", "keepalive-idle-race"] },
  "diagnose-explained": { args: incidentArgs },
  "diagnose-explained-verbose": { args: [...incidentArgs, "--verbose"] },
  "diagnose-explained-markdown": { args: [...incidentArgs, "-o", "markdown"] },
  "diagnose-explained-narrow-ascii": { args: incidentArgs, env: { LANG: "C", COLUMNS: "60" } },
  "diagnose-healthy": { args: ["shop.example.com/", "--from", "corpus/healthy-steady/bundle"] },
  "diagnose-every-route": { args: ["--from", `corpus/${incident}/bundle`] },
  "live-explained": { args: ["shop.example.com/cart"], isLive: true },
  "live-no-such-context": { args: ["shop.example.com/cart", "--context", "staging"], isLive: true },
  "no-such-flag": { args: ["--form", "x"] },
  "no-such-command": { args: ["exlpain", "oom-killed"] },
  "no-such-cause": { args: ["explain", "servce-missing"] },
  "no-such-target": { args: ["shop.example.org/cart", "--from", `corpus/${incident}/bundle`] },
  "bad-target": { args: ["ftp://shop.example.com/"] },
  "no-such-bundle": { args: ["--from", "missing.tar.gz"] },
  "no-cluster": { args: ["shop.example.com/cart"] },
};

let served: ServedCluster;
beforeAll(async () => {
  const recorded = frozenCases().find((c) => c.id === incident);
  if (recorded === undefined) throw new Error(`corpus/${incident} is gone`);
  served = await serveCluster(await evidenceOf(recorded));
});
afterAll(() => served.close());

const folder = join(root, "test/cli/golden");
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

describe("golden transcripts", () => {
  test.each(Object.keys(transcripts))("%s", async (name) => {
    const { args, env = {}, isLive = false } = transcripts[name] ?? { args: [] };
    const path = join(folder, `${name}.md`);
    const cluster: Record<string, string> = isLive ? { KUBECONFIG: served.kubeconfigPath } : {};
    const ran = await runProgram(args, { env: { ...env, ...cluster } });
    const actual = transcript(args, env, ran).replaceAll(served.kubeconfigPath, "~/.kube/config");
    if (isUpdating) writeFileSync(path, actual);
    expect(
      existsSync(path),
      `${path} is missing: UPDATE_GOLDEN=1 npx vitest run test/cli/golden.test.ts`,
    ).toBe(true);
    expect(actual).toBe(readFileSync(path, "utf8"));
  });

  test("no golden file without its transcript", () => {
    const names = Object.keys(transcripts).map((name) => `${name}.md`);
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
  });
});

/** Tildes fence it, as a report in Markdown holds backticks. */
function transcript(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { stdout, stderr, code }: Ran,
): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value} `);
  // Progress tells the seconds gone by, which no two runs share.
  const timeless = stderr.replaceAll(/^\d+\.\ds /gm, "0.0s ");
  const errors = stderr === "" ? "" : `\nStandard error:\n\n~~~text\n${timeless}~~~\n`;
  return `~~~console\n$ ${variables.join("")}why5xx ${args.join(" ")}\n${stdout}~~~\n${errors}\nExit code: ${code}\n`;
}
