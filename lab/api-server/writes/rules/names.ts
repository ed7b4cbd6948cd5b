import type { StoredResource } from "../../stored-kinds.ts";
import type { KubeObject } from "../../stored-object.ts";
import { type FieldError, invalidValue, required } from "../field-error.ts";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Wording of kubernetes/apimachinery pkg/util/validation/validation.go. */
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const dns1035Text =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
  "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const keyText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

const isDnsLabel = (name: string): boolean => name.length <= 63 && dnsLabel.test(name);

const isSubdomain = (name: string): boolean =>
  name.length <= 253 && name.split(".").every((label) => dnsLabel.test(label));

export const checkDnsLabel = (field: string, name: string): FieldError[] =>
  isDnsLabel(name) ? [] : [invalidValue(field, name, tooLong(name, 63) ?? labelText)];

const tooLong = (text: string, most: number): string | undefined =>
  text.length > most ? `must be no more than ${most} characters` : undefined;

function checkName(resource: StoredResource, name: string): FieldError[] {
  const field = "metadata.name";
  if (resource === "services")
    return name.length <= 63 && dns1035.test(name)
      ? []
      : [invalidValue(field, name, tooLong(name, 63) ?? dns1035Text)];
  if (resource === "namespaces") return checkDnsLabel(field, name);
  return isSubdomain(name) ? [] : [invalidValue(field, name, tooLong(name, 253) ?? subdomainText)];
}

/** Name, labels and annotations of an object. */
export function checkMetadata(resource: StoredResource, object: KubeObject): FieldError[] {
  const { name = "", labels = {}, annotations = {} } = object.metadata ?? {};
  const named =
    name === "" ? [required("metadata.name", "name or generateName is required")] : checkName(resource, name);
  return [
    ...named,
    ...checkLabels("metadata.labels", labels),
    ...Object.keys(annotations).flatMap((key) => checkKey("metadata.annotations", key)),
  ];
}

export const checkLabels = (field: string, labels: Readonly<Record<string, string>>): FieldError[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...checkKey(field, key),
    ...(value === "" || (value.length <= 63 && qualifiedPart.test(value))
      ? []
      : [invalidValue(field, value, tooLong(value, 63) ?? valueText)]),
  ]);

function checkKey(field: string, key: string): FieldError[] {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  const isPrefixed = slash === -1 || isSubdomain(key.slice(0, slash).toLowerCase());
  return isPrefixed && name.length <= 63 && qualifiedPart.test(name)
    ? []
    : [invalidValue(field, key, keyText)];
}
