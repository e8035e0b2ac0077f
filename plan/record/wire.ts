import { runtime } from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { type RegisterResourceRequest, TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Json, type JsonObject, type ResourceOptions, SECRET, textsIn, UNKNOWN } from "../../facts/graph";
import { makeUrn, parseUrn } from "../../facts/urn";

/** Between Pulumi's wire format and the plain values of the graph. */

/** What Pulumi sends in place of a value it does not know. */
export const UNKNOWN_ON_THE_WIRE = runtime.unknownValue;

/** Keys of Pulumi's own among the properties of a value. */
const INTERNAL = new Set([runtime.specialSigKey, "@isPulumiResource"]);

export function objectOf(struct: Struct | undefined): JsonObject {
  return (struct?.toJavaScript() ?? {}) as JsonObject;
}

/** The value inside a secret's envelope; any other value as it is. */
export function unwrapSecret(value: Json): Json {
  return signatureOf(value) === runtime.specialSecretSig ? ((value as JsonObject).value ?? null) : value;
}

function signatureOf(value: Json): Json | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value[runtime.specialSigKey] : undefined;
}

/** A reference to a resource, as it stands in inputs and outputs. */
export function resourceReference(urn: string, id: string | undefined): Json {
  return { [runtime.specialSigKey]: runtime.specialResourceSig, urn, ...(id === undefined ? {} : { id }) };
}

/**
 * A value for people: no signatures, `[secret]` for a secret, `[unknown]` for what is not known, the keys of every object in order. `onSecret` hears what
 * was hidden.
 */
export function plain(value: Json, onSecret: (text: string) => void): Json {
  if (value === UNKNOWN_ON_THE_WIRE) return UNKNOWN;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, onSecret));
  const signature = signatureOf(value);
  if (signature === runtime.specialSecretSig) {
    for (const text of textsIn(value.value)) if (text !== UNKNOWN_ON_THE_WIRE) onSecret(text);
    return SECRET;
  }
  if (signature === runtime.specialResourceSig) return value.urn ?? null;
  return plainObject(value, onSecret);
}

export function plainObject(value: JsonObject, onSecret: (text: string) => void): JsonObject {
  const keys = Object.keys(value).filter((key) => !INTERNAL.has(key));
  return Object.fromEntries(keys.sort().map((key) => [key, plain(value[key]!, onSecret)]));
}

/** The options of a registration in the form in which transforms take and give them. */
export function optionsOf(request: RegisterResourceRequest): TransformResourceOptions {
  const options = new TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setDeletedWith(request.getDeletedwith());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  options.setVersion(request.getVersion());
  // Presence matters here: "not given" is not "false".
  if (request.hasReplacementTrigger()) options.setReplacementTrigger(request.getReplacementTrigger());
  if (request.hasProtect()) options.setProtect(request.getProtect() ?? false);
  if (request.hasRetainondelete()) options.setRetainOnDelete(request.getRetainondelete() ?? false);
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  for (const [key, provider] of request.getProvidersMap().entries()) options.getProvidersMap().set(key, provider);
  return options;
}

/** The same for the graph. */
export function plainOptions(
  options: TransformResourceOptions,
  self: { urn: string; parent: string; type: string; name: string },
  onSecret: (text: string) => void,
): ResourceOptions {
  const trigger = options.getReplacementTrigger();
  const timeouts = options.getCustomTimeouts();
  const given = { create: timeouts?.getCreate(), update: timeouts?.getUpdate(), delete: timeouts?.getDelete() };
  return {
    protect: options.getProtect() ?? false,
    ignoreChanges: options.getIgnoreChangesList(),
    retainOnDelete: options.getRetainOnDelete() ?? false,
    deleteBeforeReplace: options.hasDeleteBeforeReplace() ? (options.getDeleteBeforeReplace() ?? false) : null,
    replaceOnChanges: options.getReplaceOnChangesList(),
    ...(trigger && { replacementTrigger: plain(trigger.toJavaScript() as Json, onSecret) }),
    ...(options.getReplaceWithList().length > 0 && { replaceWith: options.getReplaceWithList() }),
    deletedWith: options.getDeletedWith() || null,
    customTimeouts: Object.fromEntries(Object.entries(given).filter(([, value]) => value)),
    aliases: options.getAliasesList().map((alias) => aliasUrn(alias, self)),
  };
}

function aliasUrn(alias: Alias, self: { urn: string; parent: string; type: string; name: string }): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const { stack, project } = parseUrn(self.urn);
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || self.parent;
  return makeUrn(spec.getStack() || stack, spec.getProject() || project, parent, spec.getType() || self.type, spec.getName() || self.name);
}
