import { failure, type StatusError } from "../status.ts";
import { storedKinds, type StoredResource } from "../stored-kinds.ts";

/** One reason why an object is invalid (kubernetes/apimachinery pkg/util/validation/field/errors.go). */
export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly text: string;
}

const because = (detail: string): string => (detail === "" ? "" : `: ${detail}`);
const shown = (value: unknown): string => JSON.stringify(value) ?? "null";

export const required = (field: string, detail = ""): FieldError => ({
  field,
  reason: "FieldValueRequired",
  text: `Required value${because(detail)}`,
});

export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  reason: "FieldValueInvalid",
  text: `Invalid value: ${shown(value)}${because(detail)}`,
});

export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  field,
  reason: "FieldValueNotSupported",
  text: `Unsupported value: ${shown(value)}: supported values: ${supported.map((s) => `"${s}"`).join(", ")}`,
});

export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: "FieldValueDuplicate",
  text: `Duplicate value: ${shown(value)}`,
});

export const forbiddenField = (field: string, detail: string): FieldError => ({
  field,
  reason: "FieldValueForbidden",
  text: `Forbidden: ${detail}`,
});

export const notFoundValue = (field: string, value: unknown): FieldError => ({
  field,
  reason: "FieldValueNotFound",
  text: `Not found: ${shown(value)}`,
});

export const immutable = (field: string, value: unknown): FieldError =>
  invalidValue(field, value, "field is immutable");

/** 422 for an object with one error or more: `Deployment.apps "web" is invalid: spec.selector: Required value`. */
export function invalidObject(
  resource: StoredResource,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const { kind, group } = storedKinds[resource];
  return invalidKind(kind, group, name, errors);
}

export function invalidKind(
  kind: string,
  group: string,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const texts = errors.map(({ field, text }) => `${field}: ${text}`);
  const all = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return failure(422, "Invalid", `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${all}`, {
    name,
    ...(group === "" ? {} : { group }),
    kind,
    causes: errors.map(({ field, reason, text }) => ({ reason, message: text, field })),
  });
}
