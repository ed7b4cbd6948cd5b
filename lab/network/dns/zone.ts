import type { Service } from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { Data, Reply } from "./message.ts";

/** What the names of the cluster are made of. */
export interface ZoneView {
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  hasNamespace(name: string): boolean;
  /** Addresses of a name outside the cluster, lower case and without the last dot; undefined: there is no such name. */
  outside(name: string): readonly string[] | undefined;
}

const domain = "cluster.local";
const typeA = 1;
const typeSrv = 33;
/** Of the kubernetes plugin of CoreDNS, and of its cache for what is outside. */
const ttlSeconds = 30;

/**
 * Answers as CoreDNS does with the kubernetes plugin (schema of kubernetes/dns docs/specification.md), and as a
 * recursive resolver for all other names.
 */
export function answerName(view: ZoneView, asked: string, type: number): Reply {
  const name = asked.toLowerCase().replace(/\.$/, "");
  const isOwn = name === domain || name.endsWith(`.${domain}`);
  if (!isOwn) return answerOutside(view, asked, name, type);
  const labels = name === domain ? [] : name.slice(0, -domain.length - 1).split(".");
  const found = lookUp(view, labels, type);
  if (found === undefined) return own("NXDOMAIN", asked, []);
  return own(
    "NOERROR",
    asked,
    found.flatMap((data) => withTarget(view, data, type)),
  );
}

interface Found {
  readonly data: Data;
  /** When it is not the asked name itself. */
  readonly name?: string;
}

/** Undefined: no such name. Empty: the name is there, but nothing of this type. */
function lookUp(view: ZoneView, labels: readonly string[], type: number): readonly Data[] | undefined {
  const branch = labels.at(-1);
  if (branch === undefined) return [];
  if (branch === "pod") return podAddresses(view, labels.slice(0, -1), type);
  if (branch !== "svc") return undefined;
  const [service, namespace] = [labels.at(-3), labels.at(-2)];
  if (namespace === undefined) return [];
  if (!view.hasNamespace(namespace)) return undefined;
  if (service === undefined) return [];
  const found = view.service(namespace, service);
  return found === undefined ? undefined : ofService(view, found, labels.slice(0, -3), type);
}

function podAddresses(view: ZoneView, labels: readonly string[], type: number): readonly Data[] | undefined {
  const [dashed, namespace] = labels;
  if (labels.length !== 2 || !view.hasNamespace(namespace ?? "")) return labels.length < 2 ? [] : undefined;
  if (!/^\d{1,3}(?:-\d{1,3}){3}$/.test(dashed ?? "")) return undefined;
  return type === typeA ? [{ type: "A", address: (dashed ?? "").replaceAll("-", ".") }] : [];
}

function ofService(
  view: ZoneView,
  service: Service,
  before: readonly string[],
  type: number,
): readonly Data[] | undefined {
  const { name = "", namespace = "default" } = service.metadata ?? {};
  const full = `${name}.${namespace}.svc.${domain}.`;
  const { spec = {} } = service;
  if (spec.type === "ExternalName")
    return before.length > 0 ? undefined : [{ type: "CNAME", target: `${spec.externalName ?? ""}.` }];
  const hosts = headlessHosts(view.slices(namespace, name));
  const isHeadless = spec.clusterIP === "None";
  if (before.length === 2 || (before.length === 0 && type === typeSrv)) {
    const ports = portsOf(service, before);
    if (ports.length === 0) return undefined;
    if (type !== typeSrv) return [];
    const targets = isHeadless ? hosts.map((h) => `${h.label}.${full}`) : [full];
    return ports.flatMap((port) => targets.map((target) => ({ type: "SRV", port, target }) as const));
  }
  const own = isHeadless ? hosts.map((h) => h.address) : [spec.clusterIP ?? ""].filter((a) => a !== "");
  const [label] = before;
  const addresses = label === undefined ? own : hosts.filter((h) => h.label === label).map((h) => h.address);
  if (addresses.length === 0 || before.length > 2) return undefined;
  return type === typeA ? addresses.map((address) => ({ type: "A", address }) as const) : [];
}

/** Ports that "_http._tcp" names; all without it. */
const portsOf = (service: Service, [port, protocol]: readonly string[]): number[] =>
  (service.spec?.ports ?? [])
    .filter(
      (p) =>
        port === undefined ||
        (port === `_${p.name}` && protocol === `_${(p.protocol ?? "TCP").toLowerCase()}`),
    )
    .map((p) => p.port);

/** Ready endpoints, each with the label of its own name. */
function headlessHosts(slices: readonly EndpointSlice[]): { label: string; address: string }[] {
  return slices.flatMap((slice) =>
    (slice.endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses, hostname }) =>
        addresses.map((address) => ({ label: hostname ?? address.replaceAll(".", "-"), address })),
      ),
  );
}

/** A CNAME is followed when an address was asked for. */
function withTarget(view: ZoneView, data: Data, type: number): readonly Found[] {
  if (data.type !== "CNAME" || type !== typeA) return [{ data }];
  const target = answerName(view, data.target, type);
  return [{ data }, ...target.answers.map((record) => ({ data: record.data, name: record.name }))];
}

function own(rcode: Reply["rcode"], asked: string, found: readonly Found[]): Reply {
  const authority =
    found.length > 0 ? [] : [{ name: `${domain}.`, ttl: 5, data: { type: "SOA", serial: 1 } as const }];
  const answers = found.map(({ data, name }) => ({ name: name ?? asked, ttl: ttlSeconds, data }));
  return { rcode, answers, authority, isAuthoritative: true };
}

function answerOutside(view: ZoneView, asked: string, name: string, type: number): Reply {
  const addresses = view.outside(name);
  const answers =
    type === typeA
      ? (addresses ?? []).map((address) => ({
          name: asked,
          ttl: ttlSeconds,
          data: { type: "A", address } as const,
        }))
      : [];
  return {
    rcode: addresses === undefined ? "NXDOMAIN" : "NOERROR",
    answers,
    authority: [],
    isAuthoritative: false,
  };
}
