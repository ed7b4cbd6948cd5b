import type { Container, Pod } from "kubernetes-types/core/v1";
import { items, texts } from "../../derive/shape.ts";
import { namespaceOf } from "../../evidence/evidence.ts";
import { readSlices } from "./narrow.ts";
import { isObjectName } from "./paths.ts";
import { readObject, readObjects, type Reader } from "./reader.ts";

const maxConfigMaps = 4;
const maxServices = 12;

/**
 * The Services that the application is configured to call: hosts named by its containers' environment
 * and arguments, and by the ConfigMaps that fill the environment. Secrets are not looked into.
 */
export async function readDependencies(reader: Reader, pods: readonly Pod[]): Promise<void> {
  const [first] = pods;
  if (first === undefined) return;
  const namespace = namespaceOf(first);
  const containers = distinctContainers(pods);
  const configMaps = await readObjects(
    reader,
    "configmaps",
    configMapNames(containers).slice(0, maxConfigMaps),
    namespace,
  );
  const values = [
    ...containers.flatMap((c) => [
      ...items(c.env).flatMap((variable) => variable.value ?? []),
      ...items(c.command),
      ...items(c.args),
    ]),
    ...configMaps.flatMap((map) => Object.values(texts(map.data))),
  ];
  const services = serviceNames(values, namespace, reader.collection.isWhole("services", namespace));
  const known = services.filter((s) => s.namespace !== namespace || isNeeded(reader, s));
  const kept = known.slice(0, maxServices);
  if (kept.length < known.length) {
    reader.collection.lose(
      "Services that the application calls",
      `${kept.length} of ${known.length} were read`,
    );
  }
  const namespaces = [...new Set(kept.map((s) => s.namespace))];
  await Promise.all([
    ...kept.map((s) => readObject(reader, "services", s.name, s.namespace)),
    ...namespaces
      .filter((n) => !reader.collection.isWhole("endpointslices", n))
      .map((n) =>
        readSlices(
          reader,
          n,
          kept.filter((s) => s.namespace === n).map((s) => s.name),
        ),
      ),
  ]);
}

interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

/** In the namespace of the route: its list tells which names are Services, and whether slices are there already. */
function isNeeded(reader: Reader, { name, namespace }: ServiceName): boolean {
  const { collection } = reader;
  if (!collection.isWhole("services", namespace)) return true;
  return (
    collection.find("services", namespace, name) !== undefined &&
    !collection.isWhole("endpointslices", namespace)
  );
}

function distinctContainers(pods: readonly Pod[]): readonly Container[] {
  const distinct = new Map<string, Container>();
  for (const container of pods.flatMap((pod) => items(pod.spec?.containers))) {
    distinct.set(
      JSON.stringify([container.name, container.env, container.args, container.command]),
      container,
    );
  }
  return [...distinct.values()];
}

function configMapNames(containers: readonly Container[]): readonly string[] {
  const names = containers.flatMap((c) => [
    ...items(c.envFrom).flatMap((source) => source.configMapRef?.name ?? []),
    ...items(c.env).flatMap((variable) => variable.valueFrom?.configMapKeyRef?.name ?? []),
  ]);
  return [...new Set(names)].sort();
}

/** scheme://user@HOST:port/…, HOST:port, HOST.ns.svc. */
const hosts = [
  /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@]*@)?([a-z0-9][a-z0-9.-]*)/gi,
  /(?:^|[\s,;=@(])([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):\d{2,5}\b/gi,
  /\b([a-z][a-z0-9-]*\.[a-z0-9-]+\.svc)\b/gi,
];
/** A value that is one word may be a host ("redis") as well as anything else ("production"). */
const oneWord = /^([a-z][a-z0-9-]*)$/gi;

/** Last labels of names outside the cluster: "example.com" is no Service "example" in a namespace "com". */
const topLevel = /^(com|net|org|io|dev|cloud|app|local|internal|co|eu|de|fr|uk|us|ai|info|biz|edu|gov|tech)$/;

/**
 * The Services that host names mean inside the cluster: NAME, NAME.NAMESPACE, NAME.NAMESPACE.svc…
 * `words`: values of one word count too; only for who can check them against a list.
 */
export function serviceNames(
  values: readonly string[],
  namespace: string,
  words: boolean,
): readonly ServiceName[] {
  const patterns = words ? [...hosts, oneWord] : hosts;
  const found = new Map<string, ServiceName>();
  for (const value of values) {
    if (value.length > 4096) continue;
    for (const host of patterns.flatMap((pattern) =>
      [...value.matchAll(pattern)].map((match) => match[1] ?? ""),
    )) {
      const [name = "", where = namespace, svc] = host.toLowerCase().split(".");
      const isInside = svc === undefined ? !topLevel.test(where) : svc === "svc";
      if (
        !isInside ||
        name === "localhost" ||
        !/^[a-z]/.test(name) ||
        !isObjectName(name) ||
        !isObjectName(where)
      )
        continue;
      found.set(`${where}/${name}`, { name, namespace: where });
    }
  }
  return [...found.values()];
}
