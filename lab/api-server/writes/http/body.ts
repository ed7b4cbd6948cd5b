import { parse } from "yaml";
import { readProtobuf } from "../../openapi/read-protobuf.ts";
import { badRequest, failure } from "../../status.ts";
import type { ApiRequest } from "../../request.ts";
import { isObject, type JsonObject } from "../json.ts";

const protobufType = "application/vnd.kubernetes.protobuf";
const accepted = ["application/json", "application/yaml", protobufType];

/**
 * The body of a create, an update or a delete.
 * @throws StatusError 400 when it does not parse, 415 for other types
 */
export function readObject(request: ApiRequest, body: Buffer): JsonObject {
  const { contentType = "" } = request;
  if (contentType !== "" && !accepted.includes(contentType)) throw unsupported(accepted);
  if (contentType === protobufType) return decodeProtobuf(body);
  const parsed = contentType === "application/yaml" ? readYaml(body) : readJson(body);
  if (!isObject(parsed)) throw badRequest("the object provided is unrecognized (must be of type object)");
  return parsed;
}

function decodeProtobuf(body: Buffer): JsonObject {
  try {
    return readProtobuf(body);
  } catch (error) {
    throw badRequest(`unable to decode the body: ${(error as Error).message}`);
  }
}

const unsupported = (types: readonly string[]) =>
  failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${types.join(", ")}`,
  );

export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch (error) {
    throw badRequest(`error decoding the body: ${(error as Error).message}`);
  }
}

/** JSON is YAML too, and what most clients send. */
export function readYaml(body: Buffer): unknown {
  const text = body.toString("utf8");
  if (text.trimStart().startsWith("{")) return readJson(body);
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
}
