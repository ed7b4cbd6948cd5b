import { type JsonMap, mapOf, textOf, without } from "../json-value.ts";
import { autoscalerFromV1, autoscalerFromV2beta1 } from "./autoscaler.ts";
import { endpointSliceFromV1beta1 } from "./endpoint-slice.ts";
import { coreEvent } from "./event.ts";
import { ingressFromV1beta1 } from "./ingress.ts";

type Converter = (object: JsonMap) => JsonMap;

const same: Converter = (object) => object;

/**
 * Old API versions whose objects are still found in bundles and manifests, each with the version it
 * becomes and what changes on the way (kubernetes.io/docs/reference/using-api/deprecation-guide).
 */
const conversions: Readonly<Record<string, { readonly to: string; readonly convert: Converter }>> = {
  "extensions/v1beta1 Ingress": { to: "networking.k8s.io/v1", convert: ingressFromV1beta1 },
  "networking.k8s.io/v1beta1 Ingress": { to: "networking.k8s.io/v1", convert: ingressFromV1beta1 },
  "networking.k8s.io/v1beta1 IngressClass": { to: "networking.k8s.io/v1", convert: same },
  "extensions/v1beta1 NetworkPolicy": { to: "networking.k8s.io/v1", convert: same },
  "extensions/v1beta1 Deployment": { to: "apps/v1", convert: selectedByLabels },
  "extensions/v1beta1 DaemonSet": { to: "apps/v1", convert: selectedByLabels },
  "extensions/v1beta1 ReplicaSet": { to: "apps/v1", convert: selectedByLabels },
  "apps/v1beta1 Deployment": { to: "apps/v1", convert: selectedByLabels },
  "apps/v1beta1 StatefulSet": { to: "apps/v1", convert: selectedByLabels },
  "apps/v1beta2 Deployment": { to: "apps/v1", convert: same },
  "apps/v1beta2 DaemonSet": { to: "apps/v1", convert: same },
  "apps/v1beta2 ReplicaSet": { to: "apps/v1", convert: same },
  "apps/v1beta2 StatefulSet": { to: "apps/v1", convert: same },
  "autoscaling/v1 HorizontalPodAutoscaler": { to: "autoscaling/v2", convert: autoscalerFromV1 },
  "autoscaling/v2beta1 HorizontalPodAutoscaler": { to: "autoscaling/v2", convert: autoscalerFromV2beta1 },
  "autoscaling/v2beta2 HorizontalPodAutoscaler": { to: "autoscaling/v2", convert: same },
  "policy/v1beta1 PodDisruptionBudget": { to: "policy/v1", convert: emptySelectorSelectsNone },
  "discovery.k8s.io/v1alpha1 EndpointSlice": { to: "discovery.k8s.io/v1", convert: endpointSliceFromV1beta1 },
  "discovery.k8s.io/v1beta1 EndpointSlice": { to: "discovery.k8s.io/v1", convert: endpointSliceFromV1beta1 },
  "storage.k8s.io/v1beta1 StorageClass": { to: "storage.k8s.io/v1", convert: same },
  "events.k8s.io/v1 Event": { to: "events.k8s.io/v1", convert: coreEvent },
  "events.k8s.io/v1beta1 Event": { to: "events.k8s.io/v1", convert: coreEvent },
};

/** The object in the API version that everything else reads; unchanged when it is there already. */
export function upconvert(object: JsonMap): JsonMap {
  const conversion = conversions[`${textOf(object["apiVersion"])} ${textOf(object["kind"])}`];
  if (conversion === undefined) return object;
  return { ...conversion.convert(object), apiVersion: conversion.to };
}

/** Before apps/v1beta2 an absent selector meant the labels of the template. */
function selectedByLabels(object: JsonMap): JsonMap {
  const spec = mapOf(object["spec"]);
  const labels = mapOf(mapOf(spec["template"])["metadata"])["labels"];
  if (spec["selector"] !== undefined || labels === undefined) return object;
  return { ...object, spec: { ...spec, selector: { matchLabels: labels } } };
}

/** In policy/v1beta1 an empty selector selects no pod, in policy/v1 all of them. */
function emptySelectorSelectsNone(object: JsonMap): JsonMap {
  const spec = mapOf(object["spec"]);
  const selector = mapOf(spec["selector"]);
  return Object.keys(selector).length > 0 ? object : { ...object, spec: without(spec, "selector") };
}
