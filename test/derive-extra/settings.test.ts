import { describe, expect, test } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import type { GatewaySettings } from "../../src/derive/views.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { evidenceOf } from "../support/evidence.ts";
import { annotated, fact, podYaml, routeTo, shop } from "./shop.ts";

const key = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;

const config = (data: Record<string, string>): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {namespace: ingress-nginx, name: ingress-nginx-controller}
data: ${JSON.stringify(data)}
`;

function settings(
  annotations: Record<string, string> = {},
  data: Record<string, string> = {},
  evidence: Evidence = shop(config(data)),
): GatewaySettings {
  return fact(evidence, "settings", routeTo(annotated(annotations)));
}

describe("ingress-nginx: annotation over ConfigMap over default", () => {
  test("the default, with its name", () => {
    expect(settings().readTimeoutMs).toEqual({
      value: 60_000,
      from: "default",
      source: "default of ingress-nginx",
    });
    expect(settings().connectTimeoutMs.value).toBe(5000);
    expect(settings().nextUpstreamTries.value).toBe(3);
    expect(settings().upstreamKeepaliveMs.value).toBe(60_000);
    expect(settings().bufferSizeBytes.value).toBe(4096);
  });

  test("the ConfigMap, with its key", () => {
    expect(settings({}, { "proxy-read-timeout": "30" }).readTimeoutMs).toEqual({
      value: 30_000,
      from: "configmap",
      source: "ConfigMap ingress-nginx/ingress-nginx-controller key proxy-read-timeout",
    });
  });

  test("the annotation wins", () => {
    const both = settings({ [key("proxy-read-timeout")]: "5" }, { "proxy-read-timeout": "30" });
    expect(both.readTimeoutMs).toEqual({
      value: 5000,
      from: "annotation",
      source: `Ingress shop/web annotation ${key("proxy-read-timeout")}`,
    });
  });

  test("a timeout with a unit is ignored, said so, and the next level holds", () => {
    const unit = settings({ [key("proxy-read-timeout")]: "600s" }, { "proxy-read-timeout": "30" });
    expect(unit.readTimeoutMs).toMatchObject({ value: 30_000, from: "configmap" });
    expect(unit.ignored).toEqual([
      {
        key: key("proxy-read-timeout"),
        value: "600s",
        source: `Ingress shop/web annotation ${key("proxy-read-timeout")}`,
        why: "ingress-nginx takes a whole number of seconds, without a unit",
      },
    ]);
    expect(settings({ [key("proxy-read-timeout")]: "600" }).ignored).toEqual([]);
  });

  test("a ConfigMap that was not read leaves defaults assumed, annotations sure", () => {
    const unread = settings(
      { [key("proxy-read-timeout")]: "5" },
      {},
      shop(config({}), { unknown: ["configmaps"] }),
    );
    expect(unread.readTimeoutMs.assumed).toBeUndefined();
    expect(unread.connectTimeoutMs).toEqual({
      value: 5000,
      from: "default",
      source: "default of ingress-nginx (its configuration was not read)",
      assumed: true,
    });
  });

  test("an unknown gateway still has the settings of its kind", () => {
    const evidence = shop("", { unknown: ["pods"] });
    expect(settings({}, {}, evidence).readTimeoutMs).toMatchObject({ value: 60_000, assumed: true });
  });

  test("retries: off is one try, 0 is every peer", () => {
    expect(settings({ [key("proxy-next-upstream")]: "off" }).nextUpstreamTries).toMatchObject({
      value: 1,
      from: "annotation",
    });
    expect(settings({}, { "proxy-next-upstream-tries": "0" }).nextUpstreamTries.value).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(settings({ [key("proxy-next-upstream-tries")]: "2" }).nextUpstreamTries.value).toBe(2);
    expect(settings({}, { "proxy-next-upstream": "error http_502" }).nextUpstream?.value).toBe(
      "error http_502",
    );
  });

  test("no pool, no reuse", () => {
    expect(settings({}, { "upstream-keepalive-timeout": "4" }).upstreamKeepaliveMs.value).toBe(4000);
    const off = settings({}, { "upstream-keepalive-connections": "0", "upstream-keepalive-timeout": "4" });
    expect(off.upstreamKeepaliveMs).toMatchObject({ value: 0, from: "configmap" });
  });

  test("backend protocol in any case; an unknown one is HTTP", () => {
    expect(settings({ [key("backend-protocol")]: "https" }).backendProtocol.value).toBe("HTTPS");
    const odd = settings({ [key("backend-protocol")]: "HTTP2" });
    expect(odd.backendProtocol).toMatchObject({ value: "HTTP", from: "default" });
    expect(odd.ignored?.map((i) => i.value)).toEqual(["HTTP2"]);
  });

  test("TLS verification needs the secret's annotation", () => {
    const verify = { [key("proxy-ssl-verify")]: "on" };
    expect(settings(verify).proxySslVerify).toMatchObject({
      value: false,
      source: expect.stringContaining("no effect without"),
    });
    expect(settings({ ...verify, [key("proxy-ssl-secret")]: "shop/ca" }).proxySslVerify.value).toBe(true);
  });

  test("limits only when they are set and above zero", () => {
    expect(settings().limitRps).toBeUndefined();
    expect(settings({ [key("limit-rps")]: "0" })).toMatchObject({ ignored: [] });
    expect(settings({ [key("limit-rps")]: "0" }).limitRps).toBeUndefined();
    expect(settings({ [key("limit-rps")]: "5", [key("limit-connections")]: "2" })).toMatchObject({
      limitRps: { value: 5 },
      limitConnections: { value: 2 },
    });
  });

  test("intercepted errors: Ingress over ConfigMap, and the switch that turns them off", () => {
    expect(settings({}, { "custom-http-errors": "404,503, 99" }).customHttpErrors).toEqual([404, 503]);
    const own = { [key("custom-http-errors")]: "502" };
    expect(settings(own, { "custom-http-errors": "404" }).customHttpErrors).toEqual([502]);
    expect(settings({ ...own, [key("disable-proxy-intercept-errors")]: "true" }).customHttpErrors).toEqual(
      [],
    );
  });

  test("snippets of an Ingress count only where they are allowed", () => {
    const snippet = { [key("configuration-snippet")]: "proxy_read_timeout 1s;" };
    const sources = (data: Record<string, string>): string[] =>
      settings(snippet, data).snippets.map((s) => s.source);
    expect(sources({})).toEqual([]);
    expect(sources({ "allow-snippet-annotations": "true" })).toEqual([
      `Ingress shop/web annotation ${key("configuration-snippet")}`,
    ]);
    expect(sources({ "http-snippet": "x on;" })).toEqual([
      "ConfigMap ingress-nginx/ingress-nginx-controller key http-snippet",
    ]);
    const unread = shop(config({}), { unknown: ["configmaps"] });
    expect(settings(snippet, {}, unread).snippets).toHaveLength(1);
    const untagged = evidenceOf(
      podYaml("ingress-nginx", "c", "a: b", {
        container: '{name: c, image: "corp/controller:latest", args: [/nginx-ingress-controller]}',
      }),
    );
    expect(settings(snippet, {}, untagged).snippets).toHaveLength(1);
    const old = evidenceOf(
      podYaml("ingress-nginx", "c", "a: b", {
        container:
          '{name: c, image: "k8s.gcr.io/ingress-nginx/controller:v1.2.0", args: [/nginx-ingress-controller]}',
      }),
    );
    expect(settings(snippet, {}, old).snippets).toHaveLength(1);
  });

  test("another annotation prefix is the only one read", () => {
    const evidence = evidenceOf(
      podYaml("ingress-nginx", "c", "a: b", {
        container:
          '{name: c, image: "registry.k8s.io/ingress-nginx/controller:v1.12.0", args: [/nginx-ingress-controller, --annotations-prefix=edge.corp]}',
      }),
    );
    const written = { "edge.corp/proxy-read-timeout": "7", [key("proxy-connect-timeout")]: "9" };
    expect(settings(written, {}, evidence)).toMatchObject({
      readTimeoutMs: { value: 7000 },
      connectTimeoutMs: { value: 5000 },
    });
  });
});

const settingsOf = (
  kind: "nginx-ingress" | "haproxy" | "traefik" | "contour" | "openshift-router",
  annotations: Record<string, string>,
  yaml = "",
) => observe(evidenceOf(yaml), routeTo({ ...annotated(annotations), gatewayKind: kind })).settings;

const serviceYaml = (scheme: string): string =>
  `\n---\napiVersion: v1\nkind: Service\nmetadata: {namespace: shop, name: web, annotations: {${scheme}}}\nspec: {ports: [{port: 80}]}\n`;

describe("other gateways", () => {
  test("F5 NGINX takes units, and reuses connections only when told to", () => {
    expect(
      settingsOf("nginx-ingress", { "nginx.org/proxy-read-timeout": "1m 30s", "nginx.org/keepalive": "16" }),
    ).toMatchObject({
      value: { readTimeoutMs: { value: 90_000, from: "annotation" }, upstreamKeepaliveMs: { value: 60_000 } },
    });
    expect(
      settingsOf("nginx-ingress", {
        "nginx.org/ssl-services": "other,web",
        "nginx.org/limit-req-rate": "10r/s",
      }),
    ).toMatchObject({
      value: {
        upstreamKeepaliveMs: { value: 0 },
        backendProtocol: { value: "HTTPS" },
        limitRps: { value: 10 },
        ignored: [],
      },
    });
    const tries = (text: string) =>
      settingsOf("nginx-ingress", { "nginx.org/proxy-next-upstream-tries": text });
    expect(tries("2")).toMatchObject({ value: { nextUpstreamTries: { value: 2 } } });
    expect(tries("0")).toMatchObject({ value: { nextUpstreamTries: { value: Number.POSITIVE_INFINITY } } });
    expect(settingsOf("nginx-ingress", { "nginx.org/ssl-services": "other" })).toMatchObject({
      value: { backendProtocol: { value: "HTTP" } },
    });
  });

  test("HAProxy's bare number is milliseconds", () => {
    expect(settingsOf("haproxy", { "haproxy.org/timeout-server": "15000" })).toMatchObject({
      value: { readTimeoutMs: { value: 15_000 } },
    });
    expect(settingsOf("haproxy", { "haproxy-ingress.github.io/timeout-server": "15s" })).toMatchObject({
      value: { readTimeoutMs: { value: 15_000 }, connectTimeoutMs: { value: 5000, assumed: true } },
    });
  });

  test("Traefik reads its flags and the Service", () => {
    const pod = podYaml("edge", "t-1", "app.kubernetes.io/name: traefik", {
      container:
        '{name: t, image: "traefik:v3", args: [--providers.kubernetesingress, --serversTransport.forwardingTimeouts.dialTimeout=1500ms]}',
    });
    expect(
      settingsOf(
        "traefik",
        {},
        pod + serviceYaml('traefik.ingress.kubernetes.io/service.serversscheme: "https"'),
      ),
    ).toMatchObject({
      value: {
        connectTimeoutMs: { value: 1500, from: "args" },
        readTimeoutMs: { value: Number.POSITIVE_INFINITY },
        backendProtocol: { value: "HTTPS", from: "annotation" },
      },
    });
    expect(settingsOf("traefik", {}, pod + serviceYaml(""))).toMatchObject({
      value: { backendProtocol: { value: "HTTP" } },
    });
  });

  test("a kind without documented defaults is unknown", () => {
    expect(settingsOf("openshift-router", {})).toMatchObject({ state: "unknown", evidence: "gateway" });
    expect(settingsOf("contour", {})).toMatchObject({
      value: { connectTimeoutMs: { value: 2000 }, readTimeoutMs: { value: 15_000 } },
    });
  });
});
