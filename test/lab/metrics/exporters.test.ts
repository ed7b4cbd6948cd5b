import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../lab/api-server/store.ts";
import type { ContainerReading } from "../../../lab/kubelet/reading.ts";
import { cadvisorFamilies } from "../../../lab/metrics/cadvisor.ts";
import { expositionText } from "../../../lab/metrics/exposition.ts";
import { openCounter, openHistogram } from "../../../lab/metrics/instruments.ts";
import { kubeStateFamilies } from "../../../lab/metrics/kube-state/kube-state-metrics.ts";
import { shop } from "../../gather-prometheus/shop.ts";
import { lacks } from "../../support/programs.ts";

/** What promtool says of a scrape's text: nothing when all is well. */
const promtoolSays = (text: string): string => {
  const { stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  return stdout + stderr;
};

const linesOf = (text: string, start: string): string[] =>
  text.split("\n").filter((line) => line.startsWith(start));

const reading: ContainerReading = {
  namespace: "shop",
  pod: "cart-1",
  uid: "a-b",
  node: "n1",
  container: "cart",
  image: "cart:1",
  containerId: "containerd://abc",
  cpuMs: 1500,
  memoryBytes: 1000,
};

describe.skipIf(lacks("whether scrapes hold", ["promtool", "--version"]))("what is scraped", () => {
  it("of the objects is what kube-state-metrics names so", () => {
    const text = expositionText(kubeStateFamilies(openStore(shop())));
    // The names are not the lab's to choose: promtool's advice on some of them stands in upstream's as well.
    expect(
      promtoolSays(text)
        .split("\n")
        .filter((line) => /error|parse|duplicate/i.test(line)),
    ).toEqual([]);
    expect(linesOf(text, 'kube_pod_status_ready{namespace="shop",pod="cart-5d9f7c-aaaaa"')).toEqual([
      'kube_pod_status_ready{namespace="shop",pod="cart-5d9f7c-aaaaa",uid="p0",condition="true"} 1',
      'kube_pod_status_ready{namespace="shop",pod="cart-5d9f7c-aaaaa",uid="p0",condition="false"} 0',
      'kube_pod_status_ready{namespace="shop",pod="cart-5d9f7c-aaaaa",uid="p0",condition="unknown"} 0',
    ]);
    expect(linesOf(text, "kube_deployment_spec_replicas")).toEqual([
      'kube_deployment_spec_replicas{namespace="shop",deployment="cart"} 3',
    ]);
    expect(linesOf(text, "kube_pod_container_resource_limits").slice(0, 2)).toEqual([
      'kube_pod_container_resource_limits{namespace="shop",pod="cart-5d9f7c-aaaaa",uid="p0",container="cart",node="n1",resource="cpu",unit="core"} 0.5',
      'kube_pod_container_resource_limits{namespace="shop",pod="cart-5d9f7c-aaaaa",uid="p0",container="cart",node="n1",resource="memory",unit="byte"} 268435456',
    ]);
  });

  it("of containers is told of each and of its pod, and of throttling only where there is a limit", () => {
    const throttling = { periods: 100, throttledPeriods: 25, throttledMs: 900 };
    const text = expositionText(
      cadvisorFamilies([
        reading,
        { ...reading, container: "side", containerId: "containerd://d", throttling },
      ]),
    );
    expect(promtoolSays(text)).toBe("");
    const values = (name: string): string[] =>
      linesOf(text, `${name}{`).map((line) => line.replace(/.*container="([^"]*)".* (\S+)$/, "$1=$2"));
    expect(values("container_cpu_usage_seconds_total")).toEqual(["cart=1.5", "side=1.5", "=3"]);
    expect(values("container_cpu_cfs_throttled_periods_total")).toEqual(["side=25", "=25"]);
    expect(values("container_cpu_cfs_throttled_seconds_total")).toEqual(["side=0.9", "=0.9"]);
    expect(values("container_memory_working_set_bytes")).toEqual(["cart=1000", "side=1000", "=2000"]);
  });

  it("of counts and times holds whatever a label holds", () => {
    const counter = openCounter("requests_total", "Requests, \\ and\nmore");
    const times = openHistogram("seconds", "Times");
    const labels = { path: 'a"b\\c\nd' };
    counter.add(labels);
    counter.add(labels, 2);
    for (const seconds of [0.004, 0.005, 3, 60]) times.observe(labels, seconds);
    const text = expositionText([
      counter.family(),
      times.family(),
      openCounter("none_total", "Never").family(),
    ]);
    expect(promtoolSays(text)).toBe("");
    expect(linesOf(text, "requests_total")).toEqual([String.raw`requests_total{path="a\"b\\c\nd"} 3`]);
    const le = (bound: string): string[] =>
      linesOf(text, "seconds_bucket").filter((l) => l.includes(`le="${bound}"`));
    expect(["0.005", "2.5", "5", "+Inf"].map((bound) => le(bound)[0]?.split(" ").at(-1))).toEqual([
      "2",
      "2",
      "3",
      "4",
    ]);
    expect(text).not.toContain("none_total");
  });
});
