import type { RuleFile } from "./rule-file.ts";

/** The object that Prometheus Operator makes a rule file of (prometheus-operator/prometheus-operator Documentation/api.md). */
export const prometheusRule = ({ groups }: RuleFile) =>
  ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "why5xx", labels: { "app.kubernetes.io/name": "why5xx" } },
    spec: { groups },
  }) as const;
