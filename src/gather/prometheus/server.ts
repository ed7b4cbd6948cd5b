import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent } from "node:https";
import { rootCertificates } from "node:tls";
import type { Connection } from "../cluster/connection.ts";
import { proxyFromEnvironment } from "../cluster/proxy.ts";
import { type PrometheusOptions, PrometheusProblem } from "./options.ts";

/** Where and as whom a Prometheus is asked. */
export interface PrometheusServer {
  readonly connection: Connection;
  /** Parameters of the URL that was typed, sent with every request: a tenancy proxy's `namespace=shop`. */
  readonly parameters: URLSearchParams;
  /** The URL without credentials and parameters. */
  readonly shown: string;
}

const tokenVariable = "WHY5XX_PROMETHEUS_TOKEN";
const maxTokenBytes = 64 << 10;
const maxSockets = 4;

/** @throws PrometheusProblem */
export async function prometheusServer(
  { url: typed, tokenFile, caFile }: PrometheusOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<PrometheusServer> {
  const url = urlOf(typed);
  const authorization = authorizationOf(url, tokenFile, environment[tokenVariable]);
  const server = new URL(url.href);
  server.username = "";
  server.password = "";
  server.search = "";
  server.hash = "";
  // People copy the address of the page they look at.
  server.pathname = server.pathname.replace(/\/(?:graph|query|targets|api\/v1(?:\/.*)?)?\/?$/, "");
  const shown = server.href.replace(/\/$/, "");
  const agent = await agentFor(server, caFile, environment);
  return {
    connection: {
      server,
      contextName: shown,
      user: "",
      headers: authorization === undefined ? {} : { Authorization: authorization },
      agent: agent as Agent,
      kubectl: (rest) => `kubectl ${rest}`,
    },
    parameters: url.searchParams,
    shown,
  };
}

function urlOf(typed: string): URL {
  const example =
    "for example --prometheus http://127.0.0.1:9090 (kubectl port-forward -n monitoring svc/prometheus 9090)";
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  if (!URL.canParse(text)) throw new PrometheusProblem(`--prometheus: not a URL; give one, ${example}.`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new PrometheusProblem(
      `--prometheus: ${url.protocol} is neither http nor https; give a URL, ${example}.`,
    );
  return url;
}

function authorizationOf(
  url: URL,
  tokenFile: string | undefined,
  environmentToken: string | undefined,
): string | undefined {
  const token = tokenFile === undefined ? environmentToken?.trim() : tokenIn(tokenFile);
  const hasBasic = url.username !== "" || url.password !== "";
  if (hasBasic && tokenFile !== undefined)
    throw new PrometheusProblem(
      "--prometheus has user:password@, and --prometheus-token-file a token: give one of them.",
    );
  if (hasBasic) {
    const pair = `${decoded(url.username)}:${decoded(url.password)}`;
    return `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  if (token === undefined || token === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new PrometheusProblem(
      `${tokenFile === undefined ? tokenVariable : `--prometheus-token-file ${tokenFile}`}: what it holds is no bearer token (one word of ASCII).`,
    );
  return `Bearer ${token}`;
}

/** Of a URL that a person typed a stray % stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function tokenIn(path: string): string {
  const token = readSmall(path, "--prometheus-token-file", maxTokenBytes).trim();
  if (token === "") throw new PrometheusProblem(`--prometheus-token-file ${path}: it is empty.`);
  return token;
}

function readSmall(path: string, flag: string, maxBytes: number): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder",
      EACCES: "no permission to read it",
    }[code ?? ""];
    throw new PrometheusProblem(`${flag} ${path}: ${why ?? String(error)}.`);
  }
  if (bytes.length > maxBytes)
    throw new PrometheusProblem(`${flag} ${path}: too large for what it should hold.`);
  return bytes.toString("utf8");
}

const maxCertificatesBytes = 4 << 20;

async function agentFor(
  server: URL,
  caFile: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Agent | HttpAgent> {
  const secure = server.protocol === "https:";
  if (caFile !== undefined && !secure)
    throw new PrometheusProblem("--prometheus-ca is for an https URL, and --prometheus names an http one.");
  const pem = caFile === undefined ? undefined : readSmall(caFile, "--prometheus-ca", maxCertificatesBytes);
  if (pem !== undefined && !pem.includes("-----BEGIN CERTIFICATE-----"))
    throw new PrometheusProblem(`--prometheus-ca ${caFile}: no PEM certificate is in it.`);
  const proxy = proxyFromEnvironment(server, environment);
  const ca = pem === undefined ? {} : { ca: [pem, ...rootCertificates] };
  const options = { keepAlive: true, maxSockets, ...ca };
  if (proxy !== undefined) return proxied(server, proxy, options);
  return secure ? new Agent(options) : new HttpAgent(options);
}

/** Node's own way through a proxy (nodejs/node doc/api/http.md, `proxyEnv` of an agent). */
function proxied(server: URL, proxy: string, options: object): Agent | HttpAgent {
  const name = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const withProxy = { ...options, proxyEnv: { [name]: proxy } };
  return server.protocol === "https:" ? new Agent(withProxy) : new HttpAgent(withProxy);
}
