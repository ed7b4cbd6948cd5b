import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import type { DeniedRule } from "../../lab/api-server/access.ts";
import { serveCluster } from "../../lab/api-server/serve.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { controllerNames, sourceOf } from "../../src/rules/controllers.ts";
import type { RuleFile } from "../../src/rules/rule-file.ts";
import { ruleFile } from "../../src/rules/rules.ts";
import { root, runProgram } from "../cli/run-program.ts";

const groupsOf = (file: RuleFile): string[] => file.groups.map(({ name }) => name);
const alertsOf = (file: RuleFile): string[] =>
  file.groups.flatMap(({ rules }) => rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : [])));

const ingressClass = (name: string, controller: string): string =>
  JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name },
    spec: { controller },
  });

describe("why5xx rules", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "why5xx-rules-"));
    writeFileSync(join(folder, "contour.json"), ingressClass("contour", "projectcontour.io/contour"));
    writeFileSync(join(folder, "alb.json"), ingressClass("alb", "ingress.k8s.aws/alb"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("finds the controller in a bundle, and says where", async () => {
    const ran = await runProgram(["rules", "--from", "corpus/target-port-nobody-listens-on/bundle"]);
    expect([ran.code, groupsOf(parse(ran.stdout) as RuleFile)[0]]).toEqual([0, "why5xx-ingress-nginx"]);
    expect(ran.stderr).toMatch(
      /^18 alerts and \d+ recorded series for ingress-nginx, found in corpus\/target-port-nobody-listens-on\/bundle\./,
    );
    expect(ran.stdout).toMatch(/^# Made by: why5xx rules --controller ingress-nginx --slo 99\.9\n/);
  });

  test("finds it by its class alone, and names what it knows no metrics of", async () => {
    const { code, stdout, stderr } = await runProgram(["rules", "--from", folder]);
    expect([code, groupsOf(parse(stdout) as RuleFile)[0]]).toEqual([0, "why5xx-contour"]);
    expect(stderr).toMatch(/^aws-lbc: no metrics for Prometheus are known here\.\n/);
  });

  test("without one says how to name it", async () => {
    const { code, stdout, stderr } = await runProgram(["rules", "--from", join(folder, "alb.json")]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(
      "aws-lbc: no metrics for Prometheus are known here. Name it: why5xx rules --controller ",
    );
  });

  test("says which file it is for: a PrometheusRule holds the same groups", async () => {
    const args = ["rules", "--controller", "haproxy,istio", "--runbook-url", "https://example.com/causes"];
    const [plain, operator] = await Promise.all([
      runProgram([...args, "-o", "json"]),
      runProgram([...args, "--format", "operator"]),
    ]);
    const rules = JSON.parse(plain.stdout) as RuleFile;
    const object = parse(operator.stdout) as { apiVersion: string; kind: string; spec: RuleFile };
    expect([object.apiVersion, object.kind]).toEqual(["monitoring.coreos.com/v1", "PrometheusRule"]);
    expect(object.spec).toEqual(rules);
    expect(plain.stdout).toContain('"runbook_url": "https://example.com/causes/oom-killed.md"');
    expect(operator.stderr).toContain("ruleSelector");
  });

  test("the command in the first line makes the same file", async () => {
    const first = await runProgram(["rules", "--controller", "kong, traefik", "--slo", "99.5%"]);
    const [, again = ""] = /^# Made by: why5xx (.*)\n/.exec(first.stdout) ?? [];
    expect(again).toBe("rules --controller kong,traefik --slo 99.5");
    expect((await runProgram(again.split(" "))).stdout).toBe(first.stdout);
  });

  test("for no controller there are alerts on pods", async () => {
    const { code, stdout, stderr } = await runProgram(["rules", "--controller", "none"]);
    const alerts = alertsOf(parse(stdout) as RuleFile);
    expect([code, alerts.includes("Why5xxContainerOutOfMemory")]).toEqual([0, true]);
    expect(alerts).not.toContain("Why5xxErrorBudgetBurn");
    expect(stderr).toContain("for pods alone");
  });

  test("prints a dashboard", async () => {
    const { code, stdout, stderr } = await runProgram(["rules", "--controller", "haproxy", "--dashboard"]);
    const { title, panels } = JSON.parse(stdout) as { title: string; panels: { type: string }[] };
    expect([code, title]).toEqual([0, "Why 5xx"]);
    expect(panels.filter(({ type }) => type === "timeseries").length).toBeGreaterThan(8);
    expect(stderr).toContain("why5xx rules --controller haproxy --slo 99.9");
  });

  test.each([
    [["--controller", "ingres-nginx"], "Did you mean ingress-nginx?"],
    [["--controller", "haproxy,"], "a name is missing beside a comma"],
    [["--slo", "90"], "from 95 to 99.9999"],
    [["--slo", "100"], "from 95 to 99.9999"],
    [["--slo", "1e2"], "from 95 to 99.9999"],
    [["--runbook-url", "docs/causes"], "https://HOST/FOLDER"],
    [["--runbook-url", "javascript:alert(1)"], "https://HOST/FOLDER"],
    [["--controller", "haproxy", "-n", "shop"], "leave out one"],
    [["-n", "shop", "-A"], "exclude each other"],
    [["--format", "yaml"], "operator"],
    [["-o", "text"], "json"],
    [["--dashboard", "--format", "operator"], "leave out --format"],
    [["--dashboard", "-o", "yaml"], "leave out -o yaml"],
    [["--from", "/nonexistent/bundle.tar.gz"], "/nonexistent/bundle.tar.gz"],
  ] as const)("%j is told", async (args, told) => {
    const { code, stdout, stderr } = await runProgram(["rules", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(told);
    expect(stderr).not.toContain("internal error");
  });
});

describe("why5xx rules, from a cluster", () => {
  const incident = frozenCases().find(({ id }) => id === "target-port-nobody-listens-on");
  const rulesFrom = async (denied: readonly DeniedRule[]) => {
    const served = await serveCluster(await evidenceOf(incident!), { denied });
    try {
      return await runProgram(["rules", "-n", "shop"], { env: { KUBECONFIG: served.kubeconfigPath } });
    } finally {
      await served.close();
    }
  };

  test("finds the controller", async () => {
    const { code, stdout, stderr } = await rulesFrom([]);
    expect([code, groupsOf(parse(stdout) as RuleFile)[0]]).toEqual([0, "why5xx-ingress-nginx"]);
    expect(stderr).toMatch(/^18 alerts and \d+ recorded series for ingress-nginx, found in the cluster /);
  });

  test("says what it may not read, as there may be more", async () => {
    const { code, stdout, stderr } = await rulesFrom([{ exceptNamespaces: ["shop"] }]);
    expect([code, groupsOf(parse(stdout) as RuleFile)[0]]).toEqual([0, "why5xx-ingress-nginx"]);
    expect(stderr).toMatch(/^Not read, so there may be others: ingressclasses, pods\.\n/);
  });
});

test("docs/alerts.md has every alert, every series that is recorded and every controller", () => {
  const page = readFileSync(join(root, "docs/alerts.md"), "utf8");
  const file = ruleFile({ controllers: controllerNames, objective: 99.9 });
  const recorded = file.groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ("record" in rule ? [rule.record.replace(/(?<=ratio_rate)\d+\w$/, "5m")] : [])),
  );
  const counters = controllerNames.flatMap((name) =>
    sourceOf(name).traffic.map((row) => row.requests.metric),
  );
  const named = [...alertsOf(file), ...recorded, ...counters].map((name) => `\`${name}\``);
  expect(named.filter((name) => !page.includes(name))).toEqual([]);
  expect(controllerNames.filter((name) => !page.includes(`| ${name} |`))).toEqual([]);
  const told = [...page.matchAll(/^\| `(Why5xx\w+)`/gm)].map((match) => match[1] ?? "");
  expect(told.filter((name) => !alertsOf(file).includes(name))).toEqual([]);
});
