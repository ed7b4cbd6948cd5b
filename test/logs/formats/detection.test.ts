import { expect, test } from "vitest";
import { builtInFormats } from "../../../src/logs/formats/all.ts";
import { alone, jsonFormatList } from "../../../src/logs/formats/json-formats.ts";
import { newLineReader } from "../../../src/logs/line-reader.ts";
import { lines as albLines } from "../samples/aws-alb.ts";
import { lines as apisixLines } from "../samples/apisix.ts";
import { lines as cloudflareLines } from "../samples/cloudflare.ts";
import { lines as azureLines } from "../samples/azure.ts";
import { lines as envoyJsonLines } from "../samples/envoy-json.ts";
import { lines as envoyTextLines } from "../samples/envoy-text.ts";
import { lines as gcpLines } from "../samples/gcp-lb.ts";
import { lines as haproxyLines } from "../samples/haproxy.ts";
import { lines as ingressNginxLines } from "../samples/ingress-nginx.ts";
import { lines as kongLines } from "../samples/kong.ts";
import { lines as f5Lines } from "../samples/nginx-f5.ts";
import { lines as nginxJsonLines } from "../samples/nginx-json.ts";
import { generic, lines as traefikLines } from "../samples/traefik-clf.ts";
import { lines as traefikJsonLines } from "../samples/traefik-json.ts";

const ofFormat: Readonly<Record<string, readonly string[]>> = {
  "ingress-nginx": ingressNginxLines,
  "nginx-f5": f5Lines,
  "nginx-combined": [generic],
  traefik: traefikLines,
  haproxy: haproxyLines,
  kong: kongLines,
  apisix: apisixLines,
  "aws-alb": albLines,
  "envoy-text": envoyTextLines,
  "envoy-json": envoyJsonLines,
  "traefik-json": traefikJsonLines,
  cloudflare: cloudflareLines,
  "gcp-lb": gcpLines,
  "nginx-json": nginxJsonLines,
};

/** They fit what others begin with, or go by common names of keys: so they are tried last. */
const loose = new Set(["nginx-combined", "traefik-generic", "nginx-json"]);

const samples = Object.entries(ofFormat).flatMap(([name, lines]) =>
  lines.map((line): [string, string] => [name, line]),
);

const readers = (line: string): string[] => {
  const text = builtInFormats
    .filter((format) => format.name !== "json" && format.read(line) !== undefined)
    .map(({ name }) => name);
  const json = jsonFormatList
    .map((format) => ({ name: format.name, fields: alone(format).read(line) }))
    .filter(({ fields }) => fields !== undefined)
    .map(({ name }) => name);
  return [...new Set([...text, ...json])];
};

test.each(samples)("%s alone reads %s", (name, line) => {
  const [first, ...others] = readers(line);
  expect(first).toBe(name);
  expect(others.filter((other) => !loose.has(other))).toEqual([]);
});

test("lines of all formats in one stream are told apart, whatever came before", () => {
  const reader = newLineReader({}, "");
  const turns = [...samples, ...samples.toReversed(), ...samples.filter((_, i) => i % 3 === 0)];
  const found = turns.map(([, line]) => (reader.look(line, Number.NaN) === "other" ? "" : reader.formatName));
  expect(found).toEqual(turns.map(([name]) => name));
});

test("every format that is read without being named has samples", () => {
  const names = [...builtInFormats, ...jsonFormatList].map(({ name }) => name);
  const azure = ["azure-appgw", "azure-front-door"];
  expect(azureLines.map((line) => readers(line)[0]).every((name) => azure.includes(name ?? ""))).toBe(true);
  const known = new Set([...Object.keys(ofFormat), ...azure, "json", "traefik-generic"]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});
