import { type JsonObject, isObject, objectAt, objectOf, objectsOf, setDefault } from "../json.ts";

/** Defaults of a pod's spec (kubernetes/kubernetes pkg/apis/core/v1/defaults.go). */
export function defaultPodSpec(spec: JsonObject): void {
  setDefault(spec, "restartPolicy", "Always");
  setDefault(spec, "terminationGracePeriodSeconds", 30);
  setDefault(spec, "dnsPolicy", "ClusterFirst");
  setDefault(spec, "schedulerName", "default-scheduler");
  setDefault(spec, "securityContext", {});
  if (spec["serviceAccountName"] !== undefined)
    setDefault(spec, "serviceAccount", spec["serviceAccountName"]);
  for (const container of [...objectsOf(spec["initContainers"]), ...objectsOf(spec["containers"])])
    defaultContainer(container, spec["hostNetwork"] === true);
  for (const volume of objectsOf(spec["volumes"])) defaultVolume(volume);
}

function defaultContainer(container: JsonObject, isHostNetwork: boolean): void {
  setDefault(container, "terminationMessagePath", "/dev/termination-log");
  setDefault(container, "terminationMessagePolicy", "File");
  if (typeof container["image"] === "string" && container["image"] !== "")
    setDefault(container, "imagePullPolicy", isLatest(container["image"]) ? "Always" : "IfNotPresent");
  defaultRequests(objectAt(container, "resources"));
  for (const port of objectsOf(container["ports"])) {
    setDefault(port, "protocol", "TCP");
    if (isHostNetwork) setDefault(port, "hostPort", port["containerPort"]);
  }
  for (const variable of objectsOf(container["env"])) {
    const { fieldRef } = objectOf(variable["valueFrom"]);
    if (isObject(fieldRef)) setDefault(fieldRef, "apiVersion", "v1");
  }
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"])
    if (isObject(container[name])) defaultProbe(container[name]);
  for (const hook of Object.values(objectOf(container["lifecycle"])))
    if (isObject(hook) && isObject(hook["httpGet"])) defaultHttpGet(hook["httpGet"]);
}

/** An image without a tag and without a digest is its "latest". */
function isLatest(image: string): boolean {
  if (image.includes("@")) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}

function defaultRequests(resources: JsonObject): void {
  const limits = objectOf(resources["limits"]);
  if (Object.keys(limits).length === 0) return;
  const requests = objectAt(resources, "requests");
  for (const [name, limit] of Object.entries(limits)) setDefault(requests, name, limit);
}

function defaultProbe(probe: JsonObject): void {
  setDefault(probe, "timeoutSeconds", 1);
  setDefault(probe, "periodSeconds", 10);
  setDefault(probe, "successThreshold", 1);
  setDefault(probe, "failureThreshold", 3);
  if (isObject(probe["httpGet"])) defaultHttpGet(probe["httpGet"]);
  if (isObject(probe["grpc"])) setDefault(probe["grpc"], "service", "");
}

function defaultHttpGet(action: JsonObject): void {
  if (action["path"] === undefined || action["path"] === "") action["path"] = "/";
  setDefault(action, "scheme", "HTTP");
}

/** 0644, as JSON has it. */
const readableByAll = 420;

function defaultVolume(volume: JsonObject): void {
  for (const source of ["configMap", "secret", "downwardAPI", "projected"])
    if (isObject(volume[source])) setDefault(volume[source], "defaultMode", readableByAll);
  if (isObject(volume["hostPath"])) setDefault(volume["hostPath"], "type", "");
  if (Object.keys(volume).every((field) => field === "name")) volume["emptyDir"] = {};
}
