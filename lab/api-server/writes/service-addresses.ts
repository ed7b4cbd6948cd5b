import type { KubeObject } from "../stored-object.ts";
import { invalidObject, invalidValue } from "./field-error.ts";
import { type JsonObject, isObject, objectAt, objectOf, objectsOf } from "./json.ts";
import type { WriteContext } from "./write-context.ts";

const firstAddress = 256 + 1;
const addressCount = 65_534;
const addressAt = (index: number): string => `10.96.${index >> 8}.${index & 255}`;
const firstNodePort = 30_000;
const lastNodePort = 32_767;

/** Gives a Service its cluster address and node ports, or keeps those it has (in place). */
export function giveAddresses(
  context: WriteContext,
  service: KubeObject,
  before: KubeObject | undefined,
): void {
  const spec = objectAt(service, "spec");
  if (spec["type"] === "ExternalName") {
    for (const name of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) delete spec[name];
    return;
  }
  const others = context.store
    .list("services")
    .map((s) => s.object)
    .filter((s) => s !== before)
    .map((s) => objectOf(s["spec"]));
  giveClusterIp(service, spec, objectOf(before?.["spec"]), others);
  giveNodePorts(spec, objectOf(before?.["spec"]), others);
}

function giveClusterIp(
  service: KubeObject,
  spec: JsonObject,
  old: JsonObject,
  others: readonly JsonObject[],
): void {
  const used = new Set(others.map((s) => s["clusterIP"]).filter((a) => a !== "None"));
  const asked =
    spec["clusterIP"] ?? objectOf({ first: (spec["clusterIPs"] as unknown[] | undefined)?.[0] })["first"];
  const own = asked === undefined || asked === "" ? old["clusterIP"] : asked;
  if (typeof own === "string" && own !== "" && own !== old["clusterIP"] && used.has(own)) {
    const detail = `failed to allocate IP ${own}: provided IP is already allocated`;
    throw invalidObject("services", service.metadata?.name ?? "", [
      invalidValue("spec.clusterIPs", [own], detail),
    ]);
  }
  spec["clusterIP"] = typeof own === "string" && own !== "" ? own : freeAddress(used);
  spec["clusterIPs"] = [spec["clusterIP"]];
}

function freeAddress(used: ReadonlySet<unknown>): string {
  for (let index = firstAddress; index < addressCount; index += 1)
    if (!used.has(addressAt(index))) return addressAt(index);
  throw new RangeError("no address of 10.96.0.0/16 is free");
}

function giveNodePorts(spec: JsonObject, old: JsonObject, others: readonly JsonObject[]): void {
  const ports = objectsOf(spec["ports"]);
  if (spec["type"] !== "NodePort" && spec["type"] !== "LoadBalancer") {
    for (const port of ports) delete port["nodePort"];
    return;
  }
  const used = new Set(others.flatMap((s) => objectsOf(s["ports"]).map((p) => p["nodePort"])));
  for (const port of ports) used.add(port["nodePort"]);
  for (const port of ports) {
    if (port["nodePort"] !== undefined && port["nodePort"] !== 0) continue;
    const before = objectsOf(old["ports"]).find(
      (p) => p["port"] === port["port"] && p["protocol"] === port["protocol"],
    );
    const kept = isObject(before) ? before["nodePort"] : undefined;
    port["nodePort"] = kept ?? freeNodePort(used);
    used.add(port["nodePort"]);
  }
}

function freeNodePort(used: ReadonlySet<unknown>): number {
  for (let port = firstNodePort; port <= lastNodePort; port += 1) if (!used.has(port)) return port;
  throw new RangeError("no node port is free");
}
