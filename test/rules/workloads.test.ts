import { beforeAll, describe, expect, test } from "vitest";
import { ruleFile } from "../../src/rules/rules.ts";
import { failuresOf, groupsNamed, isPoor, type Fired, type RuleCase } from "./promtool.ts";

const pod = 'namespace="shop",pod="cart-1",uid="u1"';
const container = `${pod},container="cart"`;
const ready = `kube_pod_status_ready{${pod},condition="true"}`;
const restarts = `kube_pod_container_status_restarts_total{${container}}`;
const killed = `kube_pod_container_status_last_terminated_reason{${container},reason="OOMKilled"}`;
const failed = `kube_pod_container_status_last_terminated_reason{${container},reason="Error"}`;
const service = 'kube_service_info{namespace="shop",service="cart",cluster_ip="10.0.0.1",external_name=""}';
const ingress =
  'kube_ingress_path{namespace="shop",ingress="cart",host="shop.example.com",path="/",service_name="cart",service_port="80"}';
const address = (isReady: boolean, ip = "10.1.0.4"): string =>
  `kube_endpoint_address{namespace="shop",endpoint="cart",ip="${ip}",port_number="8080",port_protocol="TCP",port_name="",ready="${isReady}"}`;
const slice = (isReady: boolean): string =>
  `kube_endpointslice_endpoints{namespace="shop",endpointslice="cart-x7k2p",address="10.1.0.4",ready="${isReady}",serving="${isReady}",terminating="false",targetref_kind="Pod",targetref_name="cart-1",targetref_namespace="shop"}`;
const budget = (what: string): string =>
  `kube_poddisruptionbudget_status_${what}{namespace="shop",poddisruptionbudget="cart"}`;
const autoscaler = (what: string, more = ""): string =>
  `kube_horizontalpodautoscaler_${what}{namespace="shop",horizontalpodautoscaler="cart"${more}}`;
const limited = autoscaler("status_condition", ',condition="ScalingLimited",status="true"');
const progressing = (status: string, reason: string): string =>
  `kube_deployment_status_condition{namespace="shop",deployment="cart",condition="Progressing",status="${status}",reason="${reason}"}`;

/** cart-1 is behind the Service cart. */
const served = {
  [`kube_pod_info{${pod},pod_ip="10.1.0.4",host_ip="10.0.0.9",node="n1"}`]: "1x40",
  [address(true)]: "1x40",
};

const cart: Fired = { alertname: "Why5xxNoReadyEndpoints", namespace: "shop", service: "cart" };
const ofContainer = (alertname: string): Fired => ({
  alertname,
  namespace: "shop",
  pod: "cart-1",
  container: "cart",
});
const flapping: Fired = { alertname: "Why5xxReadinessFlapping", namespace: "shop", pod: "cart-1" };
const belowBudget: Fired = {
  alertname: "Why5xxBelowDisruptionBudget",
  namespace: "shop",
  poddisruptionbudget: "cart",
};
const atMaximum: Fired = {
  alertname: "Why5xxAutoscalerAtMaximum",
  namespace: "shop",
  horizontalpodautoscaler: "cart",
};
const stuck: Fired = { alertname: "Why5xxRolloutStuck", namespace: "shop", deployment: "cart" };

const oneCase = (
  name: string,
  series: Readonly<Record<string, string>>,
  fires: readonly Fired[] = [],
  atMinute = 30,
): RuleCase => ({ name, series, fires, atMinute });

/** Each alert, and the nearest in which all is well. */
const cases: readonly RuleCase[] = [
  oneCase(
    "the only endpoint is not ready",
    {
      [service]: "1x40",
      [ingress]: "1x40",
      [address(true)]: "1x20 stale",
      [address(false)]: "_x21 1x19",
    },
    [cart],
  ),
  oneCase("one of two endpoints is not ready", {
    [service]: "1x40",
    [ingress]: "1x40",
    [address(true)]: "1x20 stale",
    [address(false)]: "_x21 1x19",
    [address(true, "10.1.0.5")]: "1x40",
  }),
  oneCase("a Service never had an endpoint", { [service]: "1x40", [ingress]: "1x40" }, [cart]),
  oneCase("a Service without endpoints that nothing is routed to", { [service]: "1x40" }),
  oneCase(
    "the last endpoint of a slice is gone",
    { [service]: "1x40", [ingress]: "1x40", [slice(true)]: "1x20 stale" },
    [cart],
  ),
  oneCase("a slice has an endpoint", { [service]: "1x40", [ingress]: "1x40", [slice(true)]: "1x40" }),
  oneCase("endpoints are gone for a minute so far", {
    [service]: "1x40",
    [ingress]: "1x40",
    [address(true)]: "1x28 stale",
  }),
  oneCase("a name for a host elsewhere has no endpoints", {
    'kube_service_info{namespace="shop",service="cart",external_name="db.example.com"}': "1x40",
    [ingress]: "1x40",
  }),
  oneCase("readiness flaps", { ...served, [ready]: "1x18 0 0 1 1 0 0 1x15" }, [flapping]),
  oneCase("readiness goes, comes and goes", { ...served, [ready]: "1x18 0 0 1 1 0x17" }),
  oneCase("a pod starts, and is not ready once", { ...served, [ready]: "0x15 1x5 0 0 1x15" }),
  oneCase("readiness flaps, as the container starts anew", {
    ...served,
    [ready]: "1x18 0 0 1 1 0 0 1x15",
    [restarts]: "0x15 1 1 1 1 2 2 2 2 2 2 2x11",
  }),
  oneCase("readiness of a pod flaps that no Service leads to", {
    [ready]: "1x18 0 0 1 1 0 0 1x15",
  }),
  oneCase(
    "a container is killed for its memory",
    { ...served, [restarts]: "0x25 1x15", [killed]: "_x26 1x14" },
    [ofContainer("Why5xxContainerOutOfMemory")],
  ),
  oneCase("a container failed once", { ...served, [restarts]: "0x25 1x15", [failed]: "_x26 1x14" }),
  oneCase("a container was killed for its memory long ago", {
    ...served,
    [restarts]: "1x40",
    [killed]: "1x40",
  }),
  oneCase(
    "a pod that is new begins with a kill",
    { ...served, [restarts]: "_x20 0x4 1x15", [killed]: "_x25 1x14" },
    [ofContainer("Why5xxContainerOutOfMemory")],
  ),
  oneCase(
    "a container started anew three times",
    { ...served, [restarts]: "0x10 1x5 2x5 3x20", [failed]: "_x11 1x30" },
    [ofContainer("Why5xxContainerRestarting")],
  ),
  oneCase("a container started anew twice", {
    ...served,
    [restarts]: "0x10 1x5 2x25",
    [failed]: "_x11 1x30",
  }),
  oneCase("a container had started anew seven times before it was looked at", {
    ...served,
    [restarts]: "7x40",
    [failed]: "1x40",
  }),
  oneCase(
    "fewer pods are healthy than the budget asks for",
    { [budget("current_healthy")]: "2x10 1x30", [budget("desired_healthy")]: "2x40" },
    [belowBudget],
  ),
  oneCase("fewer were, for five minutes", {
    [budget("current_healthy")]: "2x24 1x4 2x12",
    [budget("desired_healthy")]: "2x40",
  }),
  oneCase(
    "an autoscaler wants more than its maximum",
    {
      [autoscaler("status_current_replicas")]: "2x5 4x35",
      [autoscaler("spec_max_replicas")]: "4x40",
      [limited]: "0x5 1x35",
    },
    [atMaximum],
  ),
  oneCase("an autoscaler is at its maximum, which is enough", {
    [autoscaler("status_current_replicas")]: "4x40",
    [autoscaler("spec_max_replicas")]: "4x40",
    [limited]: "0x40",
  }),
  oneCase("an autoscaler wants fewer than its minimum", {
    [autoscaler("status_current_replicas")]: "2x40",
    [autoscaler("spec_max_replicas")]: "4x40",
    [limited]: "1x40",
  }),
  oneCase(
    "a rollout passed its deadline",
    {
      [progressing("true", "ReplicaSetUpdated")]: "1x20 stale",
      [progressing("false", "ProgressDeadlineExceeded")]: "_x21 1x19",
    },
    [stuck],
  ),
  oneCase("a rollout is on its way", {
    [progressing("true", "ReplicaSetUpdated")]: "1x40",
    [progressing("false", "ReplicaSetUpdated")]: "0x40",
  }),
];

describe.skipIf(isPoor)("alerts on pods, endpoints and what runs them", () => {
  let failures: Readonly<Record<string, string>> = {};
  beforeAll(() => {
    const rules = ruleFile({ controllers: ["ingress-nginx"], objective: 99.9 });
    failures = failuresOf(groupsNamed(rules, /endpoints|workloads/), cases);
  });

  test("promtool runs them", () => expect(failures["promtool"]).toBe(undefined));
  test.each(cases.map(({ name }) => name))("%s", (name) => expect(failures[name]).toBe(undefined));
});
