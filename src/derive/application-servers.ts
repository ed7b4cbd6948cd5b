import type { Container } from "kubernetes-types/core/v1";
import { text } from "./shape.ts";

/** A server program whose documented timers hold unless its command line or environment says otherwise. */
export interface ApplicationServer {
  readonly name: string;
  /** By the words of its command line, or by its image. */
  readonly isIt: (words: readonly string[], image: Image) => boolean;
  /** An environment variable that no other program reads. */
  readonly ownVariable?: string;
  /** How long it keeps an idle connection; undefined: its version decides, and is not known. */
  readonly idle?: Documented;
  /** How long it lets a request run. */
  readonly response?: Documented;
}

interface Documented {
  readonly flags?: readonly string[];
  /** Environment variables that flags are written into: GUNICORN_CMD_ARGS. */
  readonly flagsIn?: readonly string[];
  readonly variables?: readonly string[];
  /** Milliseconds of one unit of a bare number. */
  readonly unitMs: number;
  readonly ms?: (words: readonly string[], image: Image) => number | "off" | undefined;
  readonly source: string;
}

export interface Image {
  /** Last part of the repository: "node". */
  readonly name: string;
  readonly repository: string;
  readonly major?: number;
  readonly tag: string;
}

export function imageOf(container: Container): Image {
  const [whole = ""] = text(container.image).split("@");
  const colon = whole.lastIndexOf(":");
  const hasTag = colon > whole.lastIndexOf("/");
  const repository = hasTag ? whole.slice(0, colon) : whole;
  const tag = hasTag ? whole.slice(colon + 1) : "";
  const major = /^v?(\d{1,4})(?:[.-]|$)/.exec(tag)?.[1];
  return {
    name: repository.slice(repository.lastIndexOf("/") + 1),
    repository,
    tag,
    ...(major === undefined ? {} : { major: Number(major) }),
  };
}

/** What a container runs, by its command and image, or by variables that only one server reads. */
export function serverOf(
  words: readonly string[],
  image: Image,
  variables: ReadonlyMap<string, unknown>,
): ApplicationServer | undefined {
  return (
    applicationServers.find((s) => s.isIt(words, image)) ??
    applicationServers.find(({ ownVariable }) => ownVariable !== undefined && variables.has(ownVariable))
  );
}

const runs = (words: readonly string[], program: string): boolean =>
  words.some((word) => word === program || word.endsWith(`/${program}`));

const isSync = (words: readonly string[]): boolean =>
  !words.some((word) => /gthread|gevent|eventlet|uvicorn|tornado|^--threads|^-k$|^--worker-class/.test(word));

/** Sources: benoitc/gunicorn gunicorn/config.py; encode/uvicorn uvicorn/config.py; nodejs/node
 * lib/_http_server.js; apache/tomcat conf/server.xml; httpd-default.conf.in; Kestrel limits (learn.microsoft.com);
 * nginx ngx_http_core_module; jetty HttpConfiguration. */
const applicationServers: readonly ApplicationServer[] = [
  {
    name: "gunicorn",
    isIt: (words) => runs(words, "gunicorn"),
    ownVariable: "GUNICORN_CMD_ARGS",
    idle: {
      flags: ["--keep-alive"],
      flagsIn: ["GUNICORN_CMD_ARGS"],
      unitMs: 1000,
      ms: (words) => (isSync(words) ? "off" : 2000),
      source: "default of gunicorn",
    },
    response: {
      flags: ["--timeout", "-t"],
      flagsIn: ["GUNICORN_CMD_ARGS"],
      variables: ["GUNICORN_TIMEOUT"],
      unitMs: 1000,
      // Of other workers it bounds the heartbeat, not the request.
      ms: (words) => (isSync(words) ? 30_000 : undefined),
      source: "default of gunicorn's sync worker",
    },
  },
  {
    name: "uvicorn",
    isIt: (words) => runs(words, "uvicorn"),
    ownVariable: "UVICORN_TIMEOUT_KEEP_ALIVE",
    idle: {
      flags: ["--timeout-keep-alive"],
      variables: ["UVICORN_TIMEOUT_KEEP_ALIVE"],
      unitMs: 1000,
      ms: () => 5000,
      source: "default of uvicorn",
    },
  },
  {
    name: "Spring Boot",
    isIt: (words, image) =>
      image.name === "java" || words.some((w) => /^-Dserver\.|^--server\.|\.jar$/.test(w)),
    ownVariable: "SERVER_TOMCAT_KEEP_ALIVE_TIMEOUT",
    idle: {
      flags: [
        "-Dserver.tomcat.keep-alive-timeout",
        "--server.tomcat.keep-alive-timeout",
        "-Dserver.jetty.connection-idle-timeout",
        "--server.jetty.connection-idle-timeout",
      ],
      flagsIn: ["JAVA_TOOL_OPTIONS", "JAVA_OPTS"],
      variables: ["SERVER_TOMCAT_KEEP_ALIVE_TIMEOUT", "SERVER_TOMCAT_CONNECTION_TIMEOUT"],
      unitMs: 1,
      source: "which server it embeds is not told",
    },
  },
  {
    name: "Tomcat",
    isIt: (_, image) => image.name === "tomcat",
    idle: { unitMs: 1000, ms: () => 20_000, source: "connectionTimeout in Tomcat's own server.xml" },
  },
  {
    name: "Jetty",
    isIt: (_, image) => image.name === "jetty",
    idle: { unitMs: 1, ms: () => 30_000, source: "default of Jetty" },
  },
  {
    name: "Apache httpd",
    isIt: (words, image) => image.name === "httpd" || runs(words, "httpd-foreground"),
    idle: { unitMs: 1000, ms: () => 5000, source: "default of Apache httpd" },
  },
  {
    name: "Kestrel",
    isIt: (_, image) => image.repository.endsWith("dotnet/aspnet"),
    idle: { unitMs: 1000, ms: () => 130_000, source: "default of Kestrel" },
  },
  {
    name: "nginx",
    isIt: (words, image) => image.name === "nginx" || runs(words, "nginx"),
    idle: { unitMs: 1000, ms: () => 75_000, source: "default of nginx" },
  },
  {
    name: "Puma",
    isIt: (words) => runs(words, "puma"),
    idle: { flags: ["--persistent-timeout"], unitMs: 1000, source: "20 s up to Puma 6, 65 s from 7 on" },
  },
  {
    name: "Next.js",
    isIt: (words) => runs(words, "next"),
    idle: {
      flags: ["--keepAliveTimeout"],
      unitMs: 1,
      source: "that of the Node.js it runs on",
    },
  },
  {
    name: "Node.js",
    isIt: (words, image) => image.name === "node" || runs(words, "node"),
    idle: {
      unitMs: 1,
      ms: (_, { name, major = 0 }) => (name === "node" && major >= 8 && major <= 24 ? 5000 : undefined),
      source: "default of Node.js up to 24",
    },
  },
];
