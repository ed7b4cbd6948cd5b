import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { catalogue } from "../../src/causes/catalogue.ts";
import { type ControllerName, controllerNames } from "../../src/rules/controllers.ts";
import { dashboard } from "../../src/rules/dashboard.ts";
import type { AlertRule, RuleFile } from "../../src/rules/rule-file.ts";
import { ruleFile } from "../../src/rules/rules.ts";
import { groupsNamed, isPoor } from "./promtool.ts";

const runbookUrl = "https://example.com/docs/causes/";
const sets: readonly (readonly ControllerName[])[] = [
  ...controllerNames.map((name) => [name]),
  controllerNames,
  [],
];
const alertsOf = ({ groups }: RuleFile): AlertRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule) => "alert" in rule));
const all = alertsOf(ruleFile({ controllers: controllerNames, objective: 99.9, runbookUrl }));

describe("every alert", () => {
  test("says how bad it is, what happened, and what to type", () => {
    for (const { alert, labels, annotations } of all) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
      expect([alert, annotations["summary"]]).toEqual([alert, expect.stringMatching(/\{\{|no metrics/)]);
      expect([alert, annotations["description"]]).toEqual([
        alert,
        expect.stringMatching(/^[A-Z{].{40,}[.?]$/),
      ]);
    }
    const silent = all.filter(({ annotations }) => annotations["why5xx"] === undefined);
    expect(new Set(silent.map(({ alert }) => alert))).toEqual(
      new Set(["Why5xxCertificateExpiring", "Why5xxMetricsMissing"]),
    );
  });

  test("leads to a page that there is", () => {
    const ids = catalogue.map(({ id }) => id);
    const named = all.flatMap(({ annotations }) => annotations["runbook"] ?? []);
    expect(named.filter((text) => !ids.includes(text.replace("why5xx explain ", "")))).toEqual([]);
    expect(new Set(named).size).toBeGreaterThan(8);
    const noEndpoints = all.find(({ alert }) => alert === "Why5xxNoReadyEndpoints");
    expect(noEndpoints?.annotations["runbook_url"]).toBe(
      "https://example.com/docs/causes/no-endpoints-pods-not-ready.md",
    );
  });
});

test.each([
  [99.9, [0.0144, 0.006, 0.003, 0.001]],
  [99, [0.144, 0.06, 0.03, 0.01]],
  [95, [0.72, 0.3, 0.15, 0.05]],
])("an objective of %d %% draws its lines", (objective, lines) => {
  const burns = alertsOf(ruleFile({ controllers: ["istio"], objective })).filter(
    ({ alert }) => alert === "Why5xxErrorBudgetBurn",
  );
  expect(burns.map(({ expr }) => Number(/ratio_rate\w+ > ([\d.]+)/.exec(expr)?.[1]))).toEqual(lines);
});

describe.skipIf(isPoor)("promtool", () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-check-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const promtool = (...args: readonly string[]) =>
    spawnSync("promtool", args, { encoding: "utf8", cwd: folder });
  const written = (name: string, content: object): string => {
    writeFileSync(join(folder, name), stringify(content, { lineWidth: 0, aliasDuplicateObjects: false }));
    return name;
  };

  test("checks the rules of each controller, of all together and of none", () => {
    const files = sets.map((controllers, at) =>
      written(`${at}.yaml`, ruleFile({ controllers, objective: 99.95, runbookUrl })),
    );
    const { status, stdout, stderr } = promtool("check", "rules", "--lint-fatal", ...files);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.match(/SUCCESS: \d+ rules found/g)).toHaveLength(sets.length);
  });

  test("checks every query of the dashboards", () => {
    const queries = sets.flatMap((controllers) => queriesOf(dashboard({ controllers, objective: 99.9 })));
    expect(queries.length).toBeGreaterThan(80);
    const rules = queries.map((query, at) => ({ record: `query:${at}`, expr: query }));
    const { status, stderr } = promtool(
      "check",
      "rules",
      written("queries.yaml", { groups: [{ name: "queries", rules }] }),
    );
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("fills in what an alert tells", () => {
    const rules = written(
      "told.yaml",
      groupsNamed(ruleFile({ controllers: controllerNames, objective: 99.9 }), /envoy|failures|gateways/),
    );
    const tests = written("told.test.yaml", {
      rule_files: [rules],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: [
            {
              series:
                'envoy_cluster_upstream_rq_xx{instance="a",envoy_cluster_name="httproute/shop/cart/rule/0",envoy_response_code_class="2"}',
              values: "0+90x30",
            },
            {
              series:
                'envoy_cluster_upstream_rq_timeout{instance="a",envoy_cluster_name="httproute/shop/cart/rule/0"}',
              values: "0+9x30",
            },
            {
              series:
                'nginx_ingress_controller_ssl_expire_time_seconds{host="shop.example.com",secret_name="tls"}',
              values: "93600x90",
            },
          ],
          alert_rule_test: [
            told(
              "Why5xxUpstreamTimeouts",
              "30m",
              {
                severity: "warning",
                class: "timeout",
                controller: "envoy-gateway",
                namespace: "shop",
                service: "httproute/cart",
              },
              {
                summary:
                  "10% of the requests to shop/httproute/cart got no answer from the application in time",
                description:
                  "Counted over 15 minutes by envoy-gateway as timeout. Either the application is slower than the gateway waits, or it is stuck: compare the gateway's timeout with the latency before all went wrong.",
                why5xx: "why5xx httproute/cart -n shop --since 1h",
                runbook: "why5xx explain proxy-read-timeout-too-short",
              },
            ),
            told(
              "Why5xxCertificateExpiring",
              "80m",
              {
                severity: "warning",
                controller: "ingress-nginx",
                host: "shop.example.com",
                secret_name: "tls",
              },
              {
                summary: "the certificate of shop.example.com (Secret tls) has 1d 0h 40m 0s left",
                description:
                  "It should have been renewed by now. When it has ended, clients refuse it, and a CDN in front answers with a 5xx of its own.",
                runbook: "why5xx explain cdn-origin-tls-failure",
              },
            ),
          ],
        },
      ],
    });
    const { stdout, stderr } = promtool("test", "rules", tests);
    expect(`${stdout}${stderr}`).toMatch(/SUCCESS\s*$/);
  });

  test("an exporter that is not there is told, one that is there is not", () => {
    const rules = written(
      "missing.yaml",
      groupsNamed(ruleFile({ controllers: ["haproxy"], objective: 99.9 }), /gateways|workloads/),
    );
    const tests = written("missing.test.yaml", {
      rule_files: [rules],
      evaluation_interval: "1m",
      tests: [
        missing([], ["haproxy", "kube-state-metrics"]),
        missing([haproxy], ["kube-state-metrics"]),
        missing([haproxy, pod], ["kube-state-metrics"]),
        missing([haproxy, pod, 'kube_endpoint_address{endpoint="cart"}'], []),
        missing([haproxy, pod, 'kube_endpointslice_endpoints{endpointslice="cart-x7k2p"}'], []),
      ],
    });
    const { stdout, stderr } = promtool("test", "rules", tests);
    expect(`${stdout}${stderr}`).toMatch(/SUCCESS\s*$/);
  });
});

const told = (alertname: string, at: string, labels: object, annotations: object): object => ({
  alertname,
  eval_time: at,
  exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }],
});

const missing = (series: readonly string[], exporters: readonly string[]): object => ({
  interval: "1m",
  input_series: series.map((text) => ({ series: text, values: "1x40" })),
  promql_expr_test: [
    {
      expr: 'group by (exporter) (ALERTS{alertname="Why5xxMetricsMissing",alertstate="firing"})',
      eval_time: "30m",
      exp_samples: exporters.map((name) => ({ labels: `{exporter="${name}"}`, value: 1 })),
    },
  ],
});
const haproxy = 'haproxy_process_start_time_seconds{instance="a"}';
const pod = 'kube_pod_status_ready{namespace="shop",pod="cart-1",condition="true"}';

/** Every `expr`, with Grafana's variables as it fills them in. */
function queriesOf(part: unknown): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "expr" ? [String(value).replaceAll("$__rate_interval", "5m")] : queriesOf(value),
  );
}
