import { describe, expect, it } from "vitest";
import { openStore } from "../../../lab/api-server/store.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { storeView } from "../../../lab/network/dns/store-view.ts";
import { answerName } from "../../../lab/network/dns/zone.ts";
import { evidenceOf } from "../../support/evidence.ts";

const service = (name: string, spec: object): KubeObject => ({ metadata: { name, namespace: "shop" }, spec });
const store = openStore(evidenceOf([]));
const ports = [{ name: "http", port: 80 }];
store.put("namespaces", { metadata: { name: "shop" } });
store.put("services", service("cart", { clusterIP: "10.96.7.7", ports }));
store.put("services", service("db", { clusterIP: "None", ports: [{ name: "sql", port: 5432 }] }));
store.put("services", service("idle", { clusterIP: "None" }));
store.put("services", service("pay", { type: "ExternalName", externalName: "pay.example.com" }));
store.put("endpointslices", {
  metadata: { name: "db-1", namespace: "shop", labels: { "kubernetes.io/service-name": "db" } },
  endpoints: [
    { addresses: ["10.42.1.1"], hostname: "db-0", conditions: { ready: true } },
    { addresses: ["10.42.1.2"], conditions: { ready: true } },
    { addresses: ["10.42.1.3"], conditions: { ready: false } },
  ],
});

const view = storeView(store, new Map([["pay.example.com", ["203.0.113.9"]]]));
const types = { A: 1, AAAA: 28, SRV: 33 } as const;

/** "NOERROR aa A 10.96.7.7" in short. */
function told(name: string, type: keyof typeof types = "A"): string {
  const { rcode, isAuthoritative, answers } = answerName(view, name, types[type]);
  const texts = answers.map(({ data }) => {
    if (data.type === "A") return data.address;
    if (data.type === "SRV") return `${data.target}:${data.port}`;
    return data.type === "CNAME" ? `→ ${data.target}` : data.type;
  });
  return [rcode, ...(isAuthoritative ? ["aa"] : []), ...texts].join(" ");
}

describe("names of the cluster", () => {
  it.each([
    ["cart.shop.svc.cluster.local.", "A", "NOERROR aa 10.96.7.7"],
    ["CART.shop.svc.Cluster.Local.", "A", "NOERROR aa 10.96.7.7"],
    ["cart.shop.svc.cluster.local.", "AAAA", "NOERROR aa"],
    ["_http._tcp.cart.shop.svc.cluster.local.", "SRV", "NOERROR aa cart.shop.svc.cluster.local.:80"],
    ["_grpc._tcp.cart.shop.svc.cluster.local.", "SRV", "NXDOMAIN aa"],
    ["x.cart.shop.svc.cluster.local.", "A", "NXDOMAIN aa"],
    ["card.shop.svc.cluster.local.", "A", "NXDOMAIN aa"],
    ["cart.store.svc.cluster.local.", "A", "NXDOMAIN aa"],
    ["shop.svc.cluster.local.", "A", "NOERROR aa"],
    ["cluster.local.", "A", "NOERROR aa"],
    ["cart.cluster.local.", "A", "NXDOMAIN aa"],
    ["db.shop.svc.cluster.local.", "A", "NOERROR aa 10.42.1.1 10.42.1.2"],
    ["db-0.db.shop.svc.cluster.local.", "A", "NOERROR aa 10.42.1.1"],
    ["10-42-1-2.db.shop.svc.cluster.local.", "A", "NOERROR aa 10.42.1.2"],
    ["10-42-1-3.db.shop.svc.cluster.local.", "A", "NXDOMAIN aa"],
    [
      "_sql._tcp.db.shop.svc.cluster.local.",
      "SRV",
      "NOERROR aa db-0.db.shop.svc.cluster.local.:5432 10-42-1-2.db.shop.svc.cluster.local.:5432",
    ],
    ["idle.shop.svc.cluster.local.", "A", "NXDOMAIN aa"],
    ["pay.shop.svc.cluster.local.", "A", "NOERROR aa → pay.example.com. 203.0.113.9"],
    ["pay.shop.svc.cluster.local.", "AAAA", "NOERROR aa → pay.example.com."],
    ["10-42-1-5.shop.pod.cluster.local.", "A", "NOERROR aa 10.42.1.5"],
    ["pay.example.com.", "A", "NOERROR 203.0.113.9"],
    ["pay.example.com.", "AAAA", "NOERROR"],
    ["gone.example.com.", "A", "NXDOMAIN"],
    ["notcluster.local.", "A", "NXDOMAIN"],
  ] as const)("%s %s: %s", (name, type, expected) => {
    expect(told(name, type)).toBe(expected);
  });
});
