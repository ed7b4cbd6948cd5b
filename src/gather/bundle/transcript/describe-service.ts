import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, describedLabels, valueOf } from "./describe-tree.ts";
import { metadataOf, withBelow } from "./describe-pod.ts";
import { columnsOf, isNone, labelsOf, rowOf } from "./table.ts";

/** A Service (describe.go describeService). */
export function describedService(lines: readonly DescribedLine[]): JsonMap {
  const list = (key: string): string[] | undefined =>
    valueOf(lines, key)
      ?.split(",")
      .map((part) => part.trim());
  const ingress = list("LoadBalancer Ingress")?.map((text) =>
    loadBalancerAddress(text.replace(/ \(.*\)$/, "")),
  );
  return {
    metadata: metadataOf(lines),
    spec: defined({
      // A selector of several labels takes a line each in older versions, commas in newer ones.
      selector: labelsOf(valueOf(lines, "Selector")) ?? nonEmptyMap(describedLabels(lines, "Selector")),
      type: valueOf(lines, "Type"),
      ipFamilyPolicy: valueOf(lines, "IP Family Policy"),
      ipFamilies: list("IP Families"),
      clusterIP: valueOf(lines, "IP"),
      clusterIPs: list("IPs"),
      externalIPs: list("External IPs"),
      externalName: valueOf(lines, "External Name"),
      loadBalancerSourceRanges: list("LoadBalancer Source Ranges"),
      sessionAffinity: valueOf(lines, "Session Affinity"),
      externalTrafficPolicy: valueOf(lines, "External Traffic Policy"),
      internalTrafficPolicy: valueOf(lines, "Internal Traffic Policy"),
      ports: servicePortsOf(lines),
    }),
    status: { loadBalancer: ingress === undefined ? {} : { ingress } },
  };
}

/** An IP, or the name that some clouds give. */
export const loadBalancerAddress = (text: string): JsonMap =>
  /^[\d.]+$|:/.test(text) ? { ip: text } : { hostname: text };

const nonEmptyMap = (map: JsonMap): JsonMap | undefined => (Object.keys(map).length === 0 ? undefined : map);

/** Each "Port:" line opens a port; the lines after it, up to the next, are about it. */
function servicePortsOf(lines: readonly DescribedLine[]): JsonMap[] | undefined {
  const ports: Record<string, unknown>[] = [];
  for (const { key, value } of lines) {
    const port = /^(\S+)\s+(\d+)\/(\w+)$/.exec(value);
    if (key === "Port" && port !== null) {
      ports.push(
        defined({ name: isNone(port[1]) ? undefined : port[1], port: Number(port[2]), protocol: port[3] }),
      );
    }
    const last = ports.at(-1);
    if (last === undefined) continue;
    const [target = ""] = value.split("/");
    if (key === "TargetPort") last["targetPort"] = /^\d+$/.test(target) ? Number(target) : target;
    if (key === "NodePort" && port !== null) last["nodePort"] = Number(port[2]);
    if (key === "AppProtocol") last["appProtocol"] = value;
  }
  return ports.length === 0 ? undefined : ports;
}

/**
 * The ready addresses that describing a Service shows, as Endpoints: at most three of each port, then "+ 2
 * more…" (describe.go formatEndpointSlices). Undefined when some are left out.
 */
export function endpointsOfService(lines: readonly DescribedLine[]): JsonMap | undefined {
  const subsets: JsonMap[] = [];
  let port: RegExpExecArray | null = null;
  for (const { key, value } of lines) {
    if (key === "Port") port = /^(\S+)\s+\d+\/(\w+)$/.exec(value);
    if (key !== "Endpoints") continue;
    if (/ \+ \d+ more/.test(value)) return undefined;
    subsets.push(
      ...subsetsOf(value, { name: isNone(port?.[1]) ? undefined : port![1], protocol: port?.[2] }),
    );
  }
  const { name, namespace } = metadataOf(lines);
  return lines.some(({ key }) => key === "Endpoints")
    ? { metadata: defined({ name, namespace }), subsets }
    : undefined;
}

/** "10.0.0.1:80,10.0.0.2:80" grouped by port. */
export function subsetsOf(cell: string, port: JsonMap = {}): JsonMap[] {
  const byPort = new Map<number, string[]>();
  for (const address of isNone(cell) ? [] : cell.split(",")) {
    const at = address.lastIndexOf(":");
    const number = Number(address.slice(at + 1));
    if (at < 0 || !Number.isInteger(number)) continue;
    const ips = byPort.get(number) ?? [];
    byPort.set(number, ips);
    ips.push(
      address
        .slice(0, at)
        .trim()
        .replace(/^\[|\]$/g, ""),
    );
  }
  return Array.from(byPort, ([number, ips]) => ({
    addresses: ips.map((ip) => ({ ip })),
    ports: [defined({ ...port, port: number })],
  }));
}

/** An Endpoints object (describe.go describeEndpoints). */
export function describedEndpoints(lines: readonly DescribedLine[]): JsonMap {
  const subsets: Record<string, unknown>[] = [];
  for (const line of childrenOf(lines, "Subsets")) {
    const ips = isNone(line.value) ? [] : line.value.split(",").map((ip) => ({ ip: ip.trim() }));
    if (line.key === "Addresses") subsets.push(ips.length > 0 ? { addresses: ips } : {});
    const last = subsets.at(-1);
    if (last === undefined) continue;
    if (line.key === "NotReadyAddresses" && ips.length > 0) last["notReadyAddresses"] = ips;
    if (line.key === "Ports") last["ports"] = portRows(line);
  }
  return { metadata: metadataOf(lines), subsets };
}

function portRows(section: DescribedLine): JsonMap[] {
  const [titles, ...rows] = section.children.flatMap(withBelow);
  if (titles === undefined) return [];
  const columns = columnsOf(titles);
  return rows
    .filter((row) => !/^\s*-+\s/.test(row))
    .map((row) => rowOf(row, columns))
    .map((row) =>
      defined({
        name: isNone(row["Name"]) ? undefined : row["Name"],
        port: isNone(row["Port"]) ? undefined : Number(row["Port"]),
        protocol: row["Protocol"],
      }),
    );
}

/** An EndpointSlice (describe.go describeEndpointSliceV1). */
export function describedEndpointSlice(lines: readonly DescribedLine[]): JsonMap {
  const ports = lines.find((line) => line.key === "Ports");
  const endpoints: Record<string, unknown>[] = [];
  for (const line of childrenOf(lines, "Endpoints")) {
    if (line.key !== "- Addresses") continue;
    const below = line.children;
    const ready = valueOf(childrenOf(below, "Conditions"), "Ready");
    const target = /^(\w+)\/(\S+)$/.exec(valueOf(below, "TargetRef") ?? "");
    endpoints.push(
      defined({
        addresses: isNone(line.value) ? [] : line.value.split(",").map((address) => address.trim()),
        conditions: ready === undefined ? {} : { ready: ready === "true" },
        hostname: valueOf(below, "Hostname"),
        nodeName: valueOf(below, "NodeName"),
        zone: valueOf(below, "Zone"),
        targetRef:
          target === null
            ? undefined
            : { kind: target[1], name: target[2], namespace: valueOf(lines, "Namespace") },
      }),
    );
  }
  return {
    metadata: metadataOf(lines),
    addressType: valueOf(lines, "AddressType"),
    ports: ports === undefined ? [] : portRows(ports),
    endpoints,
  };
}
