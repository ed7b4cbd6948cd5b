import type { KubeObject } from "../../stored-object.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { type JsonObject, listOf, objectOf, objectsOf } from "../json.ts";
import { checkDnsLabel } from "./names.ts";
import { checkPort, checkPortName } from "./pod-spec.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

export function checkService(service: KubeObject, before: KubeObject | undefined): FieldError[] {
  const spec = objectOf(service["spec"]);
  const ports = objectsOf(spec["ports"]);
  const isExternalName = spec["type"] === "ExternalName";
  const isHeadless = spec["clusterIP"] === "None";
  return [
    ...(types.includes(String(spec["type"])) ? [] : [notSupported("spec.type", spec["type"], types)]),
    ...(isExternalName && (spec["externalName"] ?? "") === "" ? [required("spec.externalName")] : []),
    ...(ports.length === 0 && !isExternalName && !isHeadless ? [required("spec.ports")] : []),
    ...checkPorts(ports),
    ...checkAddress(spec, objectOf(before?.["spec"])),
  ];
}

function checkPorts(ports: readonly JsonObject[]): FieldError[] {
  const names = new Set<unknown>();
  const numbers = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`;
    const { name = "", protocol } = port;
    const key = `${String(port["port"])}/${String(protocol)}`;
    const repeatedName = name !== "" && names.has(name) ? [duplicate(`${path}.name`, name)] : [];
    const repeated = numbers.has(key) ? [duplicate(path, { port: port["port"], protocol })] : [];
    names.add(name);
    numbers.add(key);
    const { targetPort } = port;
    return [
      ...(name === "" && ports.length > 1 ? [required(`${path}.name`)] : []),
      ...(name === "" ? [] : checkDnsLabel(`${path}.name`, String(name))),
      ...repeatedName,
      ...checkPort(`${path}.port`, port["port"]),
      ...(typeof targetPort === "string"
        ? checkPortName(`${path}.targetPort`, targetPort)
        : checkPort(`${path}.targetPort`, targetPort)),
      ...repeated,
    ];
  });
}

/** The address of a Service stays until its type takes it away. */
function checkAddress(spec: JsonObject, old: JsonObject): FieldError[] {
  const address = old["clusterIP"];
  if (
    address === undefined ||
    address === "" ||
    spec["type"] === "ExternalName" ||
    old["type"] === "ExternalName"
  )
    return [];
  return spec["clusterIP"] === address
    ? []
    : [invalidValue("spec.clusterIPs[0]", listOf(spec["clusterIPs"]), "may not change once set")];
}
