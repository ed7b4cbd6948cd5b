import type { Service } from "kubernetes-types/core/v1";
import type { Route, Workload } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { Fix } from "../fix.ts";
import { see } from "../see.ts";

/**
 * The Service that the route names, made for the one workload that has its name: its selector is the workload's, its
 * port the one that the route asks for, and its targetPort the only one that can be meant. Advice where any of these
 * is not certain.
 */
export function createService(route: Route, workloads: Observed<readonly Workload[]>): Fix {
  const wanted = route.backend.service;
  const namesakes = workloads.state === "present" ? workloads.value : [];
  const exact = namesakes.filter((w) => w.ref.name === wanted.name);
  const [workload, ...others] = exact.length > 0 ? exact : namesakes;
  const body = workload === undefined || others.length > 0 ? undefined : serviceFor(route, wanted, workload);
  if (workload === undefined || body === undefined) return advice;
  const { ref } = workload;
  const [port] = body.spec?.ports ?? [];
  return {
    title: `Make ${refText(wanted)} anew for the pods of ${refText(ref)}: port ${port?.port} to their port ${port?.targetPort}`,
    applicability: "unsafe",
    commands: [commandFor(route, ref, body)],
    patch: { object: wanted, type: "create", body },
    effect: "requests of this route go to those pods at once",
  };
}

const advice: Fix = {
  title: "Create the Service in the route's own namespace: an Ingress cannot name one in another",
  applicability: "display-only",
  commands: [],
};

type Port = NonNullable<NonNullable<Service["spec"]>["ports"]>[number];

function serviceFor({ backend }: Route, wanted: ObjectRef, workload: Workload): Service | undefined {
  const { name, namespace } = wanted;
  const port = portFor(backend.port, workload);
  const { selector } = workload;
  if (port === undefined || selector === undefined) return undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { selector: { ...selector }, ports: [port] },
  };
}

/** The container port of the same name or number, else the only one there is. */
function portFor(asked: Route["backend"]["port"], { template }: Workload): Port | undefined {
  const declared = (template.spec.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .filter(({ protocol }) => protocol === undefined || protocol === "TCP");
  const same = declared.find(
    (p) => (asked?.name !== undefined && p.name === asked.name) || p.containerPort === asked?.number,
  );
  const target = same ?? (declared.length === 1 ? declared[0] : undefined);
  const number = asked?.number ?? (asked?.name === undefined ? undefined : target?.containerPort);
  if (target === undefined || number === undefined) return undefined;
  const portName = asked?.name ?? target.name;
  return {
    ...(portName === undefined ? {} : { name: portName }),
    port: number,
    targetPort: target.name ?? target.containerPort,
  };
}

/** `kubectl expose` takes the workload's selector, and makes a port without a name: for a route that asks by number. */
function commandFor({ backend }: Route, workload: ObjectRef, service: Service): string {
  const { name, namespace } = backend.service;
  const [port] = service.spec?.ports ?? [];
  if (backend.port?.number === undefined)
    return `${see.shell("printf", "%s", JSON.stringify(service))} | kubectl create -f -`;
  const words = ["expose", workload.kind.toLowerCase(), workload.name, "-n", namespace ?? "default"];
  return see.shell(
    "kubectl",
    ...words,
    "--name",
    name,
    `--port=${port?.port}`,
    `--target-port=${port?.targetPort}`,
  );
}
