import type { ControllerName } from "./controllers.ts";
import { datasource, placed } from "./dashboard/panel.ts";
import { requestPanels } from "./dashboard/request-panels.ts";
import { workloadPanels } from "./dashboard/workload-panels.ts";
import type { RuleOptions } from "./rules.ts";
import { requestRate } from "./traffic-rules.ts";

/**
 * A dashboard as Grafana imports it (grafana/grafana kinds/dashboard/dashboard_kind.cue; grafana/grafana-foundation-sdk
 * jsonschema/dashboard.jsonschema.json). It draws series that the rules record.
 */
export function dashboard({ controllers, objective }: Pick<RuleOptions, "controllers" | "objective">) {
  const requests = requestPanels(controllers, objective);
  return {
    uid: "why5xx",
    title: "Why 5xx",
    description: "Failed requests beside what happened to the pods. Made by why5xx rules --dashboard.",
    tags: ["why5xx", ...controllers],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    timezone: "browser",
    time: { from: "now-6h", to: "now" },
    refresh: "30s",
    templating: { list: variables(controllers) },
    annotations: { list: marks },
    panels: placed([
      ...(requests.length === 0 ? [] : [{ title: "Requests", panels: requests }]),
      { title: "Pods", panels: workloadPanels },
    ]),
  };
}

/** `allValue` takes in rows without the label too: not every gateway says which namespace. */
const variables = (controllers: readonly ControllerName[]) => [
  { type: "datasource", name: "datasource", label: "Prometheus", query: "prometheus", multi: false, hide: 0 },
  choice("namespace", "label_values(kube_pod_info, namespace)"),
  ...(controllers.length === 0
    ? [{ type: "constant", name: "service", query: ".*", hide: 2 }]
    : [choice("service", `label_values(${requestRate}{namespace=~"$namespace"}, service)`)]),
];

const choice = (name: string, query: string) => ({
  type: "query",
  name,
  label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  datasource,
  query,
  definition: query,
  multi: true,
  includeAll: true,
  allValue: ".*",
  current: { selected: true, text: ["All"], value: ["$__all"] },
  refresh: 2,
  sort: 1,
  hide: 0,
});

/** A new ReplicaSet is a rollout; its time is the value of the series, in milliseconds. */
const marks = [
  {
    name: "Rollouts",
    datasource,
    enable: true,
    hide: false,
    iconColor: "blue",
    expr: 'max by (namespace, replicaset) (kube_replicaset_created{namespace=~"$namespace"}) * 1000',
    titleFormat: "Rollout",
    textFormat: "{{namespace}}/{{replicaset}}",
    tagKeys: "namespace",
    step: "60s",
    useValueForTime: true,
  },
  {
    name: "Alerts",
    datasource,
    enable: true,
    hide: false,
    iconColor: "red",
    expr: 'ALERTS{alertname=~"Why5xx.+",alertstate="firing",namespace=~"$namespace|"}',
    titleFormat: "{{alertname}}",
    textFormat: "{{namespace}} {{service}} {{pod}}",
    tagKeys: "severity",
    step: "60s",
    useValueForTime: false,
  },
];
