import type { KubeObject } from "../../stored-object.ts";
import { objectAt, setDefault } from "../json.ts";

export function defaultNamespace(namespace: KubeObject): void {
  const metadata = (namespace.metadata ??= {});
  metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name ?? "" };
  setDefault(objectAt(namespace, "spec"), "finalizers", ["kubernetes"]);
  setDefault(objectAt(namespace, "status"), "phase", "Active");
}

export const defaultSecret = (secret: KubeObject): void => {
  setDefault(secret, "type", "Opaque");
  const texts = secret["stringData"];
  if (typeof texts !== "object" || texts === null) return;
  const data = objectAt(secret, "data");
  for (const [name, text] of Object.entries(texts)) data[name] = Buffer.from(String(text)).toString("base64");
  delete secret["stringData"];
};

export function defaultClaim(claim: KubeObject): void {
  setDefault(objectAt(claim, "spec"), "volumeMode", "Filesystem");
  setDefault(objectAt(claim, "status"), "phase", "Pending");
}

export function defaultVolume(volume: KubeObject): void {
  const spec = objectAt(volume, "spec");
  setDefault(spec, "volumeMode", "Filesystem");
  setDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
  setDefault(objectAt(volume, "status"), "phase", "Pending");
}

export function defaultStorageClass(storageClass: KubeObject): void {
  setDefault(storageClass, "reclaimPolicy", "Delete");
  setDefault(storageClass, "volumeBindingMode", "Immediate");
}
