import { describe, expect, it } from "vitest";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import { absence } from "../../src/causes/gateway/gateway-absence.ts";
import { silentMinutes } from "../../src/causes/gateway/gateway-lifetimes.ts";
import { allowGateway } from "../../src/causes/service/allow-gateway.ts";
import type { EventView, Gateway, PodView, PolicyView } from "../../src/derive/views.ts";
import { present, unknown } from "../../src/evidence/observed.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import type { Traffic } from "../../src/logs/traffic.ts";

const minute = 60_000;
const inMinutes = (...minutes: number[]): Traffic =>
  ({ perMinute: minutes.map((m) => ({ fromMs: m * minute, requests: 9, failed: 0 })) }) as unknown as Traffic;

const pod = (name: string, readyMs?: number): PodView =>
  ({
    ref: ref("Pod", name, "ingress"),
    ready: readyMs !== undefined,
    readyChangedMs: readyMs,
  }) as unknown as PodView;
const evicted = (name: string, firstMs: number): EventView =>
  ({ about: ref("Pod", name, "ingress"), reason: "Evicted", message: "", firstMs }) as unknown as EventView;

const blocked = (direction: "ingress" | "egress"): PolicyView["blocked"][number] => ({
  from: ref("Pod", "edge-a", "ingress"),
  to: ref("Pod", "cart-a", "shop"),
  port: 8080,
  direction,
  policies: [ref("NetworkPolicy", "closed", direction === "ingress" ? "shop" : "ingress")],
  why: "",
});
const policy = (namespace: string, spec: NetworkPolicy["spec"] & object): NetworkPolicy => ({
  metadata: { name: "closed", namespace },
  spec,
});

describe("a silent gateway", () => {
  it("is one that is asked every minute and then is not", () => {
    const traffic = present(inMinutes(0, 1, 2, 3, 7, 8, 9));
    expect(silentMinutes(traffic, [4.5 * minute])).toBe(3);
    expect(silentMinutes(traffic, [8 * minute])).toBe(0);
  });

  it("is not told from a route that is asked now and then", () => {
    expect(silentMinutes(present(inMinutes(0, 6, 12, 17, 26, 31)), [20 * minute])).toBe(0);
  });

  it("is not told from a handful of minutes, nor without a log", () => {
    expect(silentMinutes(present(inMinutes(0, 9)), [4 * minute])).toBe(0);
    expect(silentMinutes(unknown("gateway-log", "forbidden"), [4 * minute])).toBe(0);
  });
});

describe("an absent gateway", () => {
  const workload = ref("Deployment", "edge", "ingress");
  const gateway = (...pods: PodView[]): Gateway => ({ workload, pods }) as unknown as Gateway;

  it("lasts from the last pod that left to the first that is ready", () => {
    const found = absence(gateway(pod("edge-b", 9000)), present([evicted("edge-a", 4000)]));
    expect([found?.fromMs, found?.toMs]).toEqual([4000, 9000]);
  });

  it("goes on while none is ready", () => {
    expect(absence(gateway(pod("edge-b")), present([evicted("edge-a", 4000)]))?.toMs).toBe(Infinity);
  });

  it("is none when another was ready before, or is not known to have been unready", () => {
    expect(absence(gateway(pod("edge-b", 3000)), present([evicted("edge-a", 4000)]))).toBeUndefined();
    const since = { ...pod("edge-b", 1), readyChangedMs: undefined } as unknown as PodView;
    expect(absence(gateway(since), present([evicted("edge-a", 4000)]))).toBeUndefined();
  });

  it("is not told by events of pods that are still there, or of another workload", () => {
    expect(absence(gateway(pod("edge-a", 9000)), present([evicted("edge-a", 4000)]))).toBeUndefined();
    expect(absence(gateway(pod("edge-b", 9000)), present([evicted("shop-a", 4000)]))).toBeUndefined();
    expect(absence(gateway(pod("edge-b", 9000)), unknown("events", "forbidden"))).toBeUndefined();
  });
});

describe("a way opened through policies", () => {
  it("leaves a default deny as it is and selects no pod that was open", () => {
    const deny = policy("ingress", {
      podSelector: { matchLabels: { app: "edge" } },
      policyTypes: ["Egress"],
    });
    const fix = allowGateway(blocked("egress"), [deny], { app: "cart" });
    expect(fix.patch).toBeUndefined();
    expect(fix.commands[0]).toContain('"podSelector":{"matchLabels":{"app":"edge"}}');
    expect(fix.commands[0]).toContain('"namespace":"ingress"');
    expect(fix.commands[0]).toContain('"kubernetes.io/metadata.name":"shop"');
  });

  it("adds a rule to a policy that has some", () => {
    const some = policy("shop", { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] });
    expect(allowGateway(blocked("ingress"), [some], { app: "cart" }).patch?.body).toEqual([
      {
        op: "add",
        path: "/spec/ingress/-",
        value: {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } } }],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      },
    ]);
  });
});
