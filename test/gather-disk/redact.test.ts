import type { ConfigMap, Pod } from "kubernetes-types/core/v1";
import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { redactEvidence } from "../../src/evidence/redact.ts";
import { redactObject } from "../../src/evidence/redact-object.ts";
import { redactBytes, redactText } from "../../src/evidence/redact-text.ts";
import { evidence } from "./fixture.ts";

const hidden = "<redacted>";

describe("text", () => {
  test.each([
    ["postgres://app:s3cr3t@db.shop.svc:5432/x", `postgres://${hidden}@db.shop.svc:5432/x`],
    ["amqp://guest:1234@mq:5672", `amqp://${hidden}@mq:5672`],
    ["redis://:p@ss@h1:1,redis://:q@h2:2", `redis://${hidden}@h1:1,redis://${hidden}@h2:2`],
    ["postgres://u:a/b@host/db", `postgres://${hidden}@host/db`],
    ["mongodb://u:p@h1:27017,h2:27017/db?x=1", `mongodb://${hidden}@h1:27017,h2:27017/db?x=1`],
    [
      "jdbc:postgresql://db:5432/x?user=a&password=b",
      `jdbc:postgresql://db:5432/x?user=a&password=${hidden}`,
    ],
    ["Server=db;Pwd=abc;Timeout=3", `Server=db;Pwd=${hidden};Timeout=3`],
    ["Authorization: Bearer abc.def.ghi123456", `Authorization: Bearer ${hidden}`],
    [
      '{"authorization":"Bearer abc123abc123","status":502}',
      `{"authorization":"Bearer ${hidden}","status":502}`,
    ],
    [
      'proxy_set_header Authorization "Basic dXNlcjpwYXNz";',
      `proxy_set_header Authorization "Basic ${hidden}";`,
    ],
    ['"GET /cart?token=abcd&x=1 HTTP/1.1" 502', `"GET /cart?token=${hidden}&x=1 HTTP/1.1" 502`],
    ['"GET /cart?x=1&access_token=zzz HTTP/1.1" 502', `"GET /cart?x=1&access_token=${hidden} HTTP/1.1" 502`],
    ["Cookie: a=b; c=d", `Cookie: ${hidden}`],
    ["login password=hunter2 user=x", `login password=${hidden} user=x`],
    ['{\\"client_secret\\":\\"abc\\"}', `{\\"client_secret\\":\\"${hidden}\\"}`],
    ["uses AKIAIOSFODNN7EXAMPLE now", `uses ${hidden} now`],
    ["a -----BEGIN PRIVATE KEY-----\nMIIE\nab=\n-----END PRIVATE KEY----- b", `a ${hidden} b`],
    ["key: -----BEGIN RSA PRIVATE KEY-----\nMIIEabc\nabc=\n", `key: ${hidden}\n`],
  ])("%s", (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(expected)).toBe(expected);
  });

  test.each([
    "http://10.0.0.1:8080/p?x=a@b",
    "http://[::1]:80/a@b",
    'secret "foo" not found',
    "couldn't find key password in Secret shop/db",
    "authorization failed for user x",
    "bearer authentication required",
    "server-tokens: false",
    "password=$(DB_PASSWORD)",
    '192.0.2.1 - - [18/Nov/2026:10:29:50 +0000] "GET /cart HTTP/1.1" 504 160 "https://shop.example.com/" "curl/8"',
  ])("%s is left alone", (text) => {
    expect(redactText(text)).toBe(text);
  });

  test("bytes that are not UTF-8 stay what they are", () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from(" password=x "),
      Buffer.from([0xc3]),
    ]);
    const expected = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from(` password=${hidden} `),
      Buffer.from([0xc3]),
    ]);
    expect(Buffer.from(redactBytes(bytes))).toEqual(expected);
  });

  test.each([
    "a://",
    "-----BEGIN A-----\n",
    "token",
    "password=",
    "eyJaaaaaaaaa.",
    "cookie: ",
    "authorization ",
  ])("a megabyte of %j takes no longer than it must", (piece) => {
    const text = piece.repeat(Math.ceil(1e6 / piece.length));
    const from = performance.now();
    redactText(text);
    expect(performance.now() - from).toBeLessThan(4000);
  });
});

const variable = (name: string, value: string): { name: string; value: string } => ({ name, value });

describe("objects", () => {
  const pod: Pod = {
    metadata: {
      name: "web-0",
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": '{"password":"hunter2"}',
        "example.com/api-token": "hunter2",
        "nginx.ingress.kubernetes.io/auth-secret": "basic-auth",
        "example.com/owner": "team-cart",
      },
      managedFields: [
        {
          manager: "kubectl-client-side-apply",
          operation: "Update",
          time: "2026-11-18T10:00:00Z",
          fieldsV1: {},
        },
        { manager: "helm", operation: "Apply", time: "2026-11-18T09:00:00Z", fieldsV1: {} },
        {
          manager: "kubelet",
          operation: "Update",
          subresource: "status",
          time: "2026-11-18T10:30:00Z",
          fieldsV1: {},
        },
      ],
    },
    spec: {
      containers: [
        {
          name: "app",
          image: "shop:1",
          args: ["--db-password", "hunter2", "--token=hunter2", "--port", "8080"],
          env: [
            variable("DB_PASSWORD", "hunter2"),
            variable("DATABASE_URL", "postgres://app:hunter2@db.shop.svc:5432/x"),
            variable("TOKEN_SERVICE_ADDR", "token:8080"),
            variable("SECRET_URL", "http://vault:8200/v1"),
            variable("PASSWORD_FILE", "/run/secrets/db"),
            variable("REQUIRE_TOKEN", "true"),
            variable("LOG_LEVEL", "debug"),
            { name: "API_KEY", valueFrom: { secretKeyRef: { name: "keys", key: "api" } } },
          ],
          livenessProbe: { httpGet: { port: 80, httpHeaders: [variable("X-Api-Token", "hunter2")] } },
        },
      ],
    },
  };
  const clean = redactObject("pods", pod);
  const container = clean.spec!.containers[0]!;

  test("no credential is left, what they belong to is", () => {
    expect(JSON.stringify(clean)).not.toContain("hunter2");
    expect(container.args).toEqual(["--db-password", hidden, `--token=${hidden}`, "--port", "8080"]);
    expect(container.livenessProbe?.httpGet?.httpHeaders).toEqual([variable("X-Api-Token", hidden)]);
  });

  test("where a dependency lives, and what is no credential, stays", () => {
    expect(container.env).toEqual([
      variable("DB_PASSWORD", hidden),
      variable("DATABASE_URL", `postgres://${hidden}@db.shop.svc:5432/x`),
      ...pod.spec!.containers[0]!.env!.slice(2),
    ]);
  });

  test("annotations: values that look like credentials go, names of Secrets stay, the applied copy is dropped", () => {
    expect(clean.metadata?.annotations).toEqual({
      "example.com/api-token": hidden,
      "nginx.ingress.kubernetes.io/auth-secret": "basic-auth",
      "example.com/owner": "team-cart",
    });
  });

  test("of the field ownership, who edited the spec last and when", () => {
    expect(clean.metadata?.managedFields).toEqual([
      { manager: "kubectl-client-side-apply", operation: "Update", time: "2026-11-18T10:00:00Z" },
    ]);
  });

  test("ConfigMaps: entries named like a credential, and credentials inside files", () => {
    const map: ConfigMap = {
      metadata: { name: "app" },
      data: {
        "redis-password": "hunter2",
        "server-tokens": "false",
        "proxy-read-timeout": "60",
        "app.yaml": "db:\n  host: db.shop.svc\n  password: hunter2\n  url: mysql://root:hunter2@db/x\n",
      },
      binaryData: { "key.p12": "aHVudGVyMg==" },
    };
    const redacted = redactObject("configmaps", map);
    expect(redacted.data).toEqual({
      "redis-password": hidden,
      "server-tokens": "false",
      "proxy-read-timeout": "60",
      "app.yaml": `db:\n  host: db.shop.svc\n  password: ${hidden}\n  url: mysql://${hidden}@db/x\n`,
    });
    expect(redacted.binaryData).toEqual({ "key.p12": hidden });
  });
});

test("logs, reasons, losses and commands are redacted too", () => {
  const words = "password=hunter2";
  const dirty: Evidence = {
    ...evidence,
    coverage: [{ resource: "pods", extent: "failed", reason: words }],
    logs: [
      { name: "a", role: "container", bytes: Buffer.from(words) },
      { name: "b", role: "container", reason: words },
    ],
    losses: [{ what: "a", why: words }],
    commands: [{ command: `curl -H ${words}`, output: words }],
  };
  const clean = redactEvidence(dirty);
  const shown = JSON.stringify({
    ...clean,
    logs: clean.logs.map(({ bytes, ...log }) => [log, Buffer.from(bytes ?? []).toString()]),
  });
  expect(shown).not.toContain("hunter2");
  expect(shown.match(/password=<redacted>/g)).toHaveLength(6);
});
