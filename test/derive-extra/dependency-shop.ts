import { deriveDependencies } from "../../src/derive/dependencies.ts";
import type { DependencyView } from "../../src/derive/views.ts";
import { present } from "../../src/evidence/observed.ts";
import type { AppSignal } from "../../src/logs/traffic.ts";
import { type EvidenceOptions, evidenceOf } from "../support/evidence.ts";
import { fact, podYaml, routeTo, serviceYaml } from "./shop.ts";

export const service = (name: string, spec: string, namespace = "shop"): string => `
---
apiVersion: v1
kind: Service
metadata: {namespace: ${namespace}, name: ${name}}
spec: {${spec}}
`;

/** `ready`: of its only endpoint. */
export const slice = (name: string, ready: boolean, namespace = "shop"): string => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: ${namespace}, name: ${name}-x, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
endpoints: [{addresses: [10.2.9.9], conditions: {ready: ${ready}}}]
ports: [{port: 6379}]
`;

export const configMap = (name: string, data: Record<string, string>): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {namespace: shop, name: ${name}}
data: ${JSON.stringify(data)}
`;

export const web = (container: string): string =>
  serviceYaml +
  podYaml("shop", "web-1", "app: web", { container: `{name: app, image: app:1, ${container}}` });

export const env = (values: Record<string, string>): string =>
  `env: ${JSON.stringify(Object.entries(values).map(([name, value]) => ({ name, value })))}`;

export const signal = (kind: AppSignal["kind"], peer: string): AppSignal => ({
  kind,
  pod: "web-1",
  namespace: "shop",
  container: "app",
  previous: false,
  peer,
  line: "",
});

/** What the pods of Service web depend on, as far as configuration and these signals say. */
export function dependencies(
  yaml: string,
  signals: readonly AppSignal[] = [],
  options: EvidenceOptions = {},
): readonly DependencyView[] {
  const evidence = evidenceOf(yaml, options);
  const observed = deriveDependencies(evidence, routeTo(), present(fact(evidence, "pods")), present(signals));
  if (observed.state !== "present") throw new Error(observed.state);
  return observed.value;
}

export const only = (...args: Parameters<typeof dependencies>): DependencyView => {
  const [first, ...rest] = dependencies(...args);
  if (first === undefined || rest.length > 0) throw new Error(`${rest.length} more than one, or none`);
  return first;
};

export const redis = service("redis", "selector: {app: redis}, ports: [{port: 6379}]");
