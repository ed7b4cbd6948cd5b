import type { Endpoints, Service } from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { Ingress, IngressClass, NetworkPolicy } from "kubernetes-types/networking/v1";
import type { KubeObject } from "../stored-object.ts";
import { ageColumn, type Column, nameColumn, none, orNone, text, wide } from "./column.ts";
import { labelsText, selectorText } from "./selectors.ts";

const service = (object: KubeObject): Service => object as Service;
export const serviceColumns: readonly Column[] = [
  nameColumn,
  text("Type", (o) => service(o).spec?.type ?? "ClusterIP"),
  text("Cluster-IP", (o) => orNone(service(o).spec?.clusterIP)),
  text("External-IP", (o) => externalText(service(o))),
  text("Port(s)", (o) => {
    const ports = (service(o).spec?.ports ?? []).map(({ port, nodePort, protocol = "TCP" }) =>
      nodePort === undefined || nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
    );
    return orNone(ports.join(","));
  }),
  ageColumn,
  wide("Selector", (o) => labelsText(service(o).spec?.selector)),
];

function externalText(s: Service): string {
  const own = s.spec?.externalIPs ?? [];
  if (s.spec?.type === "ExternalName") return orNone(s.spec.externalName);
  if (s.spec?.type !== "LoadBalancer") return orNone(own.join(","));
  const balancer = addressesText(s.status?.loadBalancer?.ingress);
  return [balancer, ...own].filter((a) => a !== "").join(",") || "<pending>";
}

const addressesText = (points: readonly { ip?: string; hostname?: string }[] | undefined): string =>
  (points ?? []).map(({ ip, hostname }) => ip ?? hostname ?? "").join(",");

const ingress = (object: KubeObject): Ingress => object as Ingress;
export const ingressColumns: readonly Column[] = [
  nameColumn,
  text("Class", (o) => orNone(ingress(o).spec?.ingressClassName)),
  text("Hosts", (o) => {
    const hosts = (ingress(o).spec?.rules ?? []).flatMap(({ host }) => host ?? []);
    if (hosts.length === 0) return "*";
    return hosts.length > 3
      ? `${hosts.slice(0, 3).join(",")} + ${hosts.length - 3} more...`
      : hosts.join(",");
  }),
  text("Address", (o) => addressesText(ingress(o).status?.loadBalancer?.ingress)),
  text("Ports", (o) => ((ingress(o).spec?.tls ?? []).length > 0 ? "80, 443" : "80")),
  ageColumn,
];

const ingressClass = (object: KubeObject): IngressClass => object as IngressClass;
export const ingressClassColumns: readonly Column[] = [
  nameColumn,
  text("Controller", (o) => ingressClass(o).spec?.controller ?? ""),
  text("Parameters", (o) => {
    const parameters = ingressClass(o).spec?.parameters;
    if (parameters === undefined) return none;
    const { apiGroup, kind, name } = parameters;
    return `${kind}${apiGroup === undefined ? "" : `.${apiGroup}`}/${name}`;
  }),
  ageColumn,
];

/** Three of a list, and how many more there are. */
const firstThree = (all: readonly string[]): string =>
  all.length > 3 ? `${all.slice(0, 3).join(",")} + ${all.length - 3} more...` : orNone(all.join(","));

export const endpointsColumns: readonly Column[] = [
  nameColumn,
  text("Endpoints", (o) =>
    firstThree(
      ((o as Endpoints).subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
        ports.length === 0
          ? addresses.map((a) => a.ip)
          : ports.flatMap(({ port }) => addresses.map((a) => `${a.ip}:${port}`)),
      ),
    ),
  ),
  ageColumn,
];

const slice = (object: KubeObject): Partial<EndpointSlice> => object as Partial<EndpointSlice>;
export const endpointSliceColumns: readonly Column[] = [
  nameColumn,
  text("AddressType", (o) => slice(o).addressType ?? ""),
  text("Ports", (o) => {
    const ports = (slice(o).ports ?? []).map(({ port, name }) => String(port ?? name ?? "*"));
    return ports.length === 0 ? "<unset>" : firstThree(ports);
  }),
  text("Endpoints", (o) => {
    const addresses = (slice(o).endpoints ?? []).flatMap((e) => e.addresses);
    return addresses.length === 0 ? "<unset>" : firstThree(addresses);
  }),
  ageColumn,
];

export const networkPolicyColumns: readonly Column[] = [
  nameColumn,
  text("Pod-Selector", (o) => selectorText((o as NetworkPolicy).spec?.podSelector)),
  ageColumn,
];
