import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, describedLabels, valueOf } from "./describe-tree.ts";
import { metadataOf } from "./describe-pod.ts";
import { loadBalancerAddress } from "./describe-service.ts";
import { isNone } from "./table.ts";

/** An Ingress (describe.go describeIngressV1). The type of a path is not shown. */
export function describedIngress(lines: readonly DescribedLine[]): JsonMap {
  const fallback = backendOf(valueOf(lines, "Default backend") ?? "");
  const addresses = valueOf(lines, "Address")?.split(",") ?? [];
  const tls = childrenOf(lines, "TLS").map(tlsOf);
  return {
    metadata: { ...metadataOf(lines), labels: describedLabels(lines, "Labels") },
    spec: defined({
      ingressClassName: valueOf(lines, "Ingress Class"),
      defaultBackend: fallback,
      tls: tls.length > 0 ? tls : undefined,
      rules: rulesOf(childrenOf(lines, "Rules")),
    }),
    status: {
      loadBalancer: addresses.length === 0 ? {} : { ingress: addresses.map(loadBalancerAddress) },
    },
  };
}

/** "cart:80 (10.0.0.1:8080)", "cart:http (<error: …>)"; "<default>" and APIGroup backends are no Service. */
function backendOf(text: string): JsonMap | undefined {
  const match = /^([a-z0-9][-a-z0-9.]*):(\S+)(?: \(|$)/.exec(text.trim());
  if (match === null) return undefined;
  const port = /^\d+$/.test(match[2]!) ? { number: Number(match[2]) } : { name: match[2] };
  return { service: { name: match[1], port } };
}

function tlsOf(line: DescribedLine): JsonMap {
  const match = /^(?:SNI routes|(\S+) terminates) (.*)$/.exec(line.text);
  const hosts = (match?.[2] ?? "").split(",").filter((host) => host !== "");
  return defined({ secretName: match?.[1], hosts: hosts.length > 0 ? hosts : undefined });
}

/** A host alone on its line, and below it a path and a backend a line. */
function rulesOf(lines: readonly DescribedLine[]): JsonMap[] {
  const rules: { host?: string; http: { paths: JsonMap[] } }[] = [];
  for (const { line } of lines.flatMap(withChildren)) {
    const text = line.trim();
    if (/^Host\s+Path\s+Backends$/.test(text) || /^-+\s/.test(text)) continue;
    const path = /^(\S*)\s+(\S+:\S+(?: \(.*\))?)$/.exec(text);
    const backend = backendOf(path?.[2] ?? "") ?? backendOf(text);
    if (backend === undefined) {
      if (/^\S+$/.test(text))
        rules.push(text === "*" ? { http: { paths: [] } } : { host: text, http: { paths: [] } });
      continue;
    }
    const shown = path === null || path[1] === "" ? {} : { path: path[1] };
    rules.at(-1)?.http.paths.push({ ...shown, pathType: "ImplementationSpecific", backend });
  }
  return rules.filter((rule) => rule.http.paths.length > 0 && !isNone(rule.host ?? "*"));
}

const withChildren = (line: DescribedLine): DescribedLine[] => [line, ...line.children.flatMap(withChildren)];
