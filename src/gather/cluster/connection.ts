import { X509Certificate } from "node:crypto";
import type { Agent, RequestOptions } from "node:https";
import type { Cluster, User } from "@kubernetes/client-node";
import type { Access } from "./kubeconfig.ts";
import { readAccess } from "./kubeconfig.ts";
import type { ClusterOptions } from "./options.ts";
import { ClusterProblem, kubectl } from "./problem.ts";
import { proxyFromEnvironment } from "./proxy.ts";

/** Everything an HTTP request to the API server needs, decided once. */
export interface Connection {
  readonly server: URL;
  readonly contextName: string;
  readonly namespace?: string;
  readonly user: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly agent: Agent;
  /** "user:password" of the kubeconfig, as node:https spells basic authentication. */
  readonly auth?: string;
  /** The client certificate's end, when there is one. */
  readonly certificateEnds?: Date;
  /** Credential plugin's command, when there is one. */
  readonly plugin?: string;
  /** A kubectl command under the same context. */
  readonly kubectl: (rest: string) => string;
  /** Gets the user's credentials anew, for who stays longer than a token lives (a quarter of an hour on EKS). Throws ClusterProblem. */
  readonly renew?: () => Promise<void>;
}

const maxSockets = 8;
const credentialDeadlineMs = 30_000;

/** Reads the kubeconfig and gets the user's credentials (which may run a plugin). Throws ClusterProblem. */
export async function connect(options: ClusterOptions, environment = process.env): Promise<Connection> {
  const access = await readAccess(options, environment);
  const server = serverUrl(access);
  const commandOf = (rest: string): string =>
    kubectl(rest, {
      ...(access.contextName === "in-cluster" ? {} : { context: access.contextName }),
      ...(typeof options.kubeconfig === "string" ? { kubeconfig: options.kubeconfig } : {}),
    });
  const cluster = clusterFor(access.cluster, server, environment);
  const user = userFor(access.user, cluster);
  const applied = await credentials(cluster, user, access, commandOf);
  const agent = applied.agent as Agent;
  // KubeConfig makes agents that close every connection: forty calls would be forty TLS handshakes.
  Object.assign(agent, { keepAlive: true, maxSockets });
  const ends = certificateEnd(applied.cert);
  const headers = { ...(applied.headers as Record<string, string>), ...impersonation(options) };
  return {
    server,
    contextName: access.contextName,
    user: options.as ?? user.name,
    headers,
    agent,
    renew: async () => {
      const renewed = await credentials(cluster, user, access, commandOf);
      Object.assign(headers, renewed.headers);
    },
    kubectl: commandOf,
    ...(access.namespace === undefined ? {} : { namespace: access.namespace }),
    ...(typeof applied.auth === "string" ? { auth: applied.auth } : {}),
    ...(ends === undefined ? {} : { certificateEnds: ends }),
    ...(user.exec?.command === undefined ? {} : { plugin: String(user.exec.command) }),
  };
}

function serverUrl(access: Access): URL {
  try {
    const url = new URL(access.cluster.server);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // said below
  }
  throw new ClusterProblem(
    "broken-kubeconfig",
    `cluster "${access.cluster.name}" has the server "${access.cluster.server}", which is not an http or https URL`,
    "kubectl config view",
  );
}

function clusterFor(cluster: Cluster, server: URL, environment: NodeJS.ProcessEnv): Cluster {
  const proxy = cluster.proxyUrl ?? proxyFromEnvironment(server, environment);
  return {
    ...cluster,
    ...(proxy === undefined ? {} : { proxyUrl: proxy }),
    // KubeConfig refuses plain http (`kubectl proxy`, an API server double) unless this is set; there is no TLS to skip.
    skipTLSVerify: cluster.skipTLSVerify || server.protocol === "http:",
  };
}

/** Plugins learn from KUBERNETES_EXEC_INFO which API version to answer in; client-go always sets it. */
function userFor(user: User, cluster: Cluster): User {
  if (user.exec === undefined || user.exec === null) return user;
  const info = {
    apiVersion: user.exec.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(user.exec.provideClusterInfo === true
        ? { cluster: { server: cluster.server, "certificate-authority-data": cluster.caData } }
        : {}),
    },
  };
  const env = [...(user.exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  return { ...user, exec: { ...user.exec, env } };
}

async function credentials(
  cluster: Cluster,
  user: User,
  access: Access,
  commandOf: (rest: string) => string,
): Promise<RequestOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user);
  const options: RequestOptions = { headers: {} };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer in ${credentialDeadlineMs / 1000} s`)),
      credentialDeadlineMs,
    );
  });
  try {
    await Promise.race([config.applyToHTTPSOptions(options), late]);
    return options;
  } catch (error) {
    throw credentialProblem(error, user, access, commandOf);
  } finally {
    clearTimeout(timer);
  }
}

function credentialProblem(
  error: unknown,
  user: User,
  access: Access,
  commandOf: (rest: string) => string,
): ClusterProblem {
  const said = String(error instanceof Error ? error.message : error).trim();
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const last = lines.at(-1)?.slice(0, 400) ?? "it failed without a word";
  const whose = `user "${access.user.name}" (context "${access.contextName}")`;
  const command: unknown = user.exec?.command;
  if (typeof command === "string") {
    const why = said.includes("ENOENT") ? "it is not on the PATH" : last;
    const hint = typeof user.exec?.installHint === "string" ? ` (${user.exec.installHint.trim()})` : "";
    const text = `the credential plugin "${command}" of ${whose} failed: ${why}${hint}`;
    return new ClusterProblem("credentials", text, commandOf("get ns"), { cause: error });
  }
  return new ClusterProblem(
    "credentials",
    `cannot get the credentials of ${whose}: ${last}`,
    commandOf("get ns"),
    {
      cause: error,
    },
  );
}

function impersonation(options: ClusterOptions): Record<string, string | string[]> {
  return {
    ...(options.as === undefined ? {} : { "Impersonate-User": options.as }),
    ...(options.asGroups === undefined || options.asGroups.length === 0
      ? {}
      : { "Impersonate-Group": [...options.asGroups] }),
  };
}

function certificateEnd(certificate: RequestOptions["cert"]): Date | undefined {
  if (typeof certificate !== "string" && !Buffer.isBuffer(certificate)) return undefined;
  try {
    return new X509Certificate(certificate).validToDate;
  } catch {
    return undefined; // TLS itself will say what is wrong with it
  }
}
