import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import type { Cluster, KubeConfig, User } from "@kubernetes/client-node";
import type { ClusterOptions } from "./options.ts";
import { ClusterProblem, kubectl, quoteWord } from "./problem.ts";

export interface Access {
  readonly contextName: string;
  /** The context's own default namespace, when it names one. */
  readonly namespace?: string;
  readonly cluster: Cluster;
  readonly user: User;
}

type Environment = Readonly<Record<string, string | undefined>>;

const serviceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * The context to use, its cluster and its user, found where kubectl finds them: the given file(s),
 * $KUBECONFIG (several files, the first mention of a name wins, missing files skipped), ~/.kube/config,
 * then the pod's own service account. Throws ClusterProblem.
 */
export async function readAccess(
  options: ClusterOptions,
  environment: Environment,
  root = "",
): Promise<Access> {
  // Loading the client costs 0.1 s, so nothing that needs no cluster may pay for it.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const files = kubeconfigFiles(options, environment);
  if (files.length === 0) {
    if (environment["KUBERNETES_SERVICE_HOST"] !== undefined && existsSync(root + serviceAccountToken)) {
      return inCluster(new KubeConfig(), root);
    }
    throw new ClusterProblem(
      "no-kubeconfig",
      `no kubeconfig: neither $KUBECONFIG nor ${defaultFile(environment)} names a cluster, and this is not a pod with a service account`,
      "why5xx --from PATH for a bundle or a folder of YAML and logs, or: kubectl config view",
    );
  }
  return choose(merge(files.map((file) => load(new KubeConfig(), file))), options, files);
}

const defaultFile = (environment: Environment): string =>
  join(environment["HOME"] ?? homedir(), ".kube", "config");

function kubeconfigFiles(options: ClusterOptions, environment: Environment): string[] {
  const asked = typeof options.kubeconfig === "string" ? [options.kubeconfig] : (options.kubeconfig ?? []);
  const missing = asked.find((file) => !existsSync(file));
  if (missing !== undefined) {
    throw new ClusterProblem(
      "no-kubeconfig",
      `no kubeconfig at ${missing}`,
      `ls -l ${quoteWord(dirname(missing))}`,
    );
  }
  if (asked.length > 0) return [...asked];
  const fromEnvironment = (environment["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  const candidates = fromEnvironment.length > 0 ? fromEnvironment : [defaultFile(environment)];
  return candidates.filter((file) => existsSync(file));
}

function load(config: KubeConfig, file: string): KubeConfig {
  try {
    const text = readFileSync(file, "utf8");
    if (text.trim() === "") {
      config.loadFromOptions({ clusters: [], contexts: [], users: [], currentContext: "" });
      return config;
    }
    config.loadFromString(text, { onInvalidEntry: "filter" });
    config.makePathsAbsolute(dirname(resolve(file)));
    return config;
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
    throw new ClusterProblem(
      "broken-kubeconfig",
      `cannot read the kubeconfig ${file}: ${reason}`,
      kubectl("config view", { kubeconfig: file }),
      { cause: error },
    );
  }
}

interface Merged {
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  readonly contexts: readonly { name: string; cluster: string; user?: string; namespace?: string }[];
  readonly currentContext: string;
}

/** `KubeConfig.mergeConfig` throws on a name met twice; kubectl lets the first file win. */
function merge(configs: readonly KubeConfig[]): Merged {
  return {
    clusters: firstOfName(configs.flatMap((c) => c.clusters)),
    users: firstOfName(configs.flatMap((c) => c.users)),
    contexts: firstOfName(configs.flatMap((c) => c.contexts)),
    currentContext:
      configs.map((c) => c.currentContext).find((name) => typeof name === "string" && name !== "") ?? "",
  };
}

const firstOfName = <T extends { name: string }>(all: readonly T[]): T[] => [
  ...new Map(all.toReversed().map((entry) => [entry.name, entry])).values(),
];

function choose(config: Merged, options: ClusterOptions, files: readonly string[]): Access {
  const wanted = options.context ?? config.currentContext;
  const context = config.contexts.find((c) => c.name === wanted);
  if (context === undefined) {
    const names = config.contexts.map((c) => c.name).sort();
    const said = wanted === "" ? "no current context is set" : `no context "${wanted}"`;
    const known = names.length === 0 ? "it has no contexts" : `contexts: ${names.join(", ")}`;
    const next =
      names[0] === undefined
        ? "kubectl config view"
        : `why5xx --context ${quoteWord(names[0])}, or: kubectl config get-contexts`;
    throw new ClusterProblem("no-such-context", `${said} in ${files.join(", ")} (${known})`, next);
  }
  const lacks = (what: string): never => {
    throw new ClusterProblem(
      "broken-kubeconfig",
      `context "${wanted}" names ${what}, which ${files.join(", ")} does not have or has unreadable`,
      "kubectl config view",
    );
  };
  const cluster =
    config.clusters.find((c) => c.name === context.cluster) ?? lacks(`cluster "${context.cluster}"`);
  const named = context.user ?? "";
  const user =
    named === "" ? { name: "" } : (config.users.find((u) => u.name === named) ?? lacks(`user "${named}"`));
  return {
    contextName: wanted,
    cluster,
    user,
    ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
  };
}

function inCluster(config: KubeConfig, root: string): Access {
  config.loadFromCluster(root);
  const [cluster] = config.clusters;
  const [user] = config.users;
  const namespace = config.contexts[0]?.namespace;
  if (cluster === undefined || user === undefined) throw new Error("loadFromCluster gave no cluster");
  return { contextName: "in-cluster", cluster, user, ...(namespace === undefined ? {} : { namespace }) };
}
