import { type JsonMap, mapOf, mapsOf, without } from "../json-value.ts";

/** EndpointSlice of discovery.k8s.io/v1beta1: node and zone of an endpoint are in its topology labels. */
export function endpointSliceFromV1beta1(object: JsonMap): JsonMap {
  if (!Array.isArray(object["endpoints"])) return object;
  return { ...object, endpoints: mapsOf(object["endpoints"]).map(endpoint) };
}

function endpoint(old: JsonMap): JsonMap {
  const topology = mapOf(old["topology"]);
  const nodeName = old["nodeName"] ?? topology["kubernetes.io/hostname"];
  const zone = topology["topology.kubernetes.io/zone"];
  return {
    ...without(old, "topology"),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
  };
}
