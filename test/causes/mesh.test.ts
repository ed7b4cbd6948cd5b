import { expect, it } from "vitest";
import { shop } from "../../corpus/author/cluster/shop.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { atMs } from "../../corpus/author/time.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function stamp(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** Six requests to a pod with a sidecar, all reset; the pod's annotations say what the sidecar takes. */
function stateWith(annotations: Record<string, string>): string | undefined {
  const c = shop("shop", {
    options: {
      replicas: 1,
      spec: (spec) => void spec.containers.push({ name: "istio-proxy", image: "istio/proxyv2:1.27.3" }),
    },
  });
  const p = c.pod("cart");
  p.edit((pod) => {
    pod.metadata = { ...pod.metadata, annotations: { ...pod.metadata?.annotations, ...annotations } };
  });
  const lines = Array.from({ length: 6 }, (_, i) => {
    const ms = atMs("-20m") + i * 60_000;
    const errorTime = new Date(ms).toISOString().slice(0, 19).replace("T", " ").replaceAll("-", "/");
    return [
      {
        atMs: ms,
        text: `${errorTime} [error] 31#31: *${400 + i} recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.9, server: shop.example.com, request: "POST /pay/${i} HTTP/1.1", upstream: "http://${p.address}/pay/${i}", host: "shop.example.com"`,
      },
      {
        atMs: ms,
        text: `203.0.113.9 - - [${stamp(ms)}] "POST /pay/${i} HTTP/1.1" 502 150 "-" "curl/8" 300 0.002 [shop-cart-80] [] ${p.address} 0 0.002 502 5b5b${String(ms).padStart(28, "0")}`,
      },
    ];
  });
  c.gatewayLog(lines.flat());
  const report = diagnose(c.evidence(), parseTarget("shop.example.com/"), catalogue);
  return report.targets[0]?.findings.find((f) => f.cause === "mesh-mtls-strict-plain-ingress")?.state;
}

it("a sidecar is blamed only for ports that it takes", () => {
  expect(stateWith({})).toBe("supported");
  expect(stateWith({ "traffic.sidecar.istio.io/excludeInboundPorts": "9090, 8080" })).toBe("refuted");
  expect(stateWith({ "traffic.sidecar.istio.io/includeInboundPorts": "9090" })).toBe("refuted");
  expect(stateWith({ "traffic.sidecar.istio.io/includeInboundPorts": "*" })).toBe("supported");
});
