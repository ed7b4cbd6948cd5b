import type { Resource } from "../../../evidence/kinds.ts";
import { takeFile } from "../objects-in.ts";
import { splitDumpLog } from "../split-dump-log.ts";
import type { SourceFile } from "../source-tree.ts";
import type { Layout, Reading } from "./layout.ts";

/**
 * `kubectl cluster-info dump --output-directory`: nodes.json, and for each namespace the seven lists below
 * and POD/logs.txt (kubernetes/kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go). No file tells when it was taken.
 */
const lists: ReadonlyMap<string, Resource> = new Map<string, Resource>([
  ["events", "events"],
  ["services", "services"],
  ["daemonsets", "daemonsets"],
  ["deployments", "deployments"],
  ["replicasets", "replicasets"],
  ["pods", "pods"],
]);

const listFile =
  /^(.*\/)?([^/]+)\/(events|replication-controllers|services|daemonsets|deployments|replicasets|pods)\.(?:json|ya?ml)$/;
const nodesFile = /^(.*\/)?nodes\.(?:json|ya?ml)$/;
const logFile = /(?:^|\/)([^/]+)\/([^/]+)\/logs\.txt$/;

export const clusterInfoDump: Layout = {
  kind: "cluster-info-dump",
  recognises: ({ files }) => {
    const nodes = files.find(({ path }) => nodesFile.test(path));
    const top = nodes === undefined ? undefined : (nodesFile.exec(nodes.path)?.[1] ?? "");
    return files.some(({ path }) => {
      const match = listFile.exec(path);
      if (match === null) return false;
      return match[3] === "replication-controllers" || (match[3] === "events" && (match[1] ?? "") === top);
    });
  },
  read,
};

function read(reading: Reading): number | undefined {
  for (const file of reading.tree.files) {
    const list = listFile.exec(file.path);
    const log = logFile.exec(file.path);
    if (list !== null) takeList(file, lists.get(list[3]!), list[2]!, reading);
    else if (nodesFile.test(file.path)) takeList(file, "nodes", undefined, reading);
    else if (log !== null) takeLogs(file, log[1]!, log[2]!, reading);
  }
  return undefined;
}

function takeList(
  file: SourceFile,
  resource: Resource | undefined,
  namespace: string | undefined,
  { gathered, limits }: Reading,
): void {
  if (resource === undefined) return;
  const result = takeFile(file, gathered, limits, {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
  });
  if (result.problem === undefined) {
    gathered.cover(resource, namespace, "whole");
    return;
  }
  gathered.lose(file.path, result.problem);
  gathered.fail(resource, namespace, `${file.path}: ${result.problem}`);
}

function takeLogs(file: SourceFile, namespace: string, pod: string, { gathered }: Reading): void {
  const content = file.read();
  if (content.bytes === undefined) {
    gathered.log({
      namespace,
      pod,
      name: file.path,
      role: "container",
      reason: content.problem ?? "it could not be read",
    });
    return;
  }
  if (content.problem !== undefined)
    gathered.lose(`log ${file.path}`, `${content.problem}: what was read is used`);
  for (const part of splitDumpLog(content.bytes)) {
    const place = { namespace: part.namespace ?? namespace, pod: part.pod ?? pod };
    gathered.log({
      ...place,
      ...(part.container === undefined ? {} : { container: part.container }),
      name: part.container === undefined ? file.path : `${file.path} (${part.container})`,
      role: "container",
      ...(part.reason === undefined ? { bytes: part.bytes } : { reason: part.reason }),
      ...(content.droppedBytes > 0 && part.container === undefined
        ? { droppedBytes: content.droppedBytes }
        : {}),
    });
  }
}
