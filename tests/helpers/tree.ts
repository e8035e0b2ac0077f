// A recorded stack as a text that a person reads: the tree of components, each resource with its inputs, what AWS names replaced by whose name it is.
import { stringify } from "yaml";
import type { Json, JsonObject, RecordedResource } from "../../facts/graph";
import { computeState } from "../../plan/record/mocks";
import type { Recording } from "../../plan/record/record";

const WIDTH = 150;
const label = ({ type, name }: RecordedResource) => `${type.split(":").pop()} ${name}`;
const byLabel = (a: RecordedResource, b: RecordedResource) => (label(a) < label(b) ? -1 : 1);

export function treeOf({ known, place }: Recording): string {
  const names = physicalNames(known.resources, place);
  const below = (parent: string | null, indent: string): string[] =>
    known.resources
      .filter((resource) => resource.parent === parent)
      .sort(byLabel)
      .flatMap((resource) => [...describe(resource, known.resources, names, indent), ...below(resource.urn, `${indent}  `)]);
  const outputs = stringify({ outputs: named(known.outputs, names) }, { lineWidth: 0 });
  return `${below(null, "").join("\n")}\n\n${outputs}`;
}

function describe(resource: RecordedResource, all: RecordedResource[], names: Map<string, string>, indent: string): string[] {
  // Tags are the same everywhere; an image's are made of the app's sources, which are not the graph's business.
  const { tags: _, ...inputs } = resource.inputs;
  const facts = named({ ...inputs, ...settings(resource, all) }, names) as JsonObject;
  if (Object.keys(facts).length === 0) return [indent + label(resource)];
  const line = `${indent}${label(resource)}  ${stringify(facts, { collectionStyle: "flow", lineWidth: 0 }).trim()}`;
  if (line.length <= WIDTH) return [line];
  const block = Object.entries(facts).flatMap(([key, value]) => {
    const short = stringify({ [key]: value }, { collectionStyle: "flow", lineWidth: 0 })
      .trim()
      .replace(/^\{ | \}$/g, "");
    return (indent.length + short.length < WIDTH ? short : stringify({ [key]: value }, { lineWidth: 0 }).trimEnd()).split("\n");
  });
  return [indent + label(resource), ...block.map((text) => `${indent}  . ${text}`)];
}

/** Options that are not the default, and what it waits for without being told by an input. */
function settings({ options, dependencies, propertyDependencies }: RecordedResource, all: RecordedResource[]): JsonObject {
  const told = new Set(Object.values(propertyDependencies).flat());
  const waits = all.filter(({ urn }) => dependencies.includes(urn) && !told.has(urn)).map(label);
  return {
    ...(waits.length > 0 && { after: waits.sort() }),
    ...(options.protect && { protect: true }),
    ...(options.retainOnDelete && { retainOnDelete: true }),
    ...(options.ignoreChanges.length > 0 && { ignoreChanges: options.ignoreChanges }),
    ...(Object.keys(options.customTimeouts).length > 0 && { customTimeouts: options.customTimeouts as JsonObject }),
  };
}

/** Whose id, ARN or name a text is: `<SecurityGroup web>.id`. */
function physicalNames(resources: RecordedResource[], place: Recording["place"]): Map<string, string> {
  const names = new Map([[place.account, "<account>"]]);
  for (const resource of resources.filter(({ custom, read }) => custom && !read)) {
    const { id, state } = computeState({ ...resource, place });
    const given = Object.values(resource.inputs);
    for (const [key, value] of Object.entries({ ...state, id })) {
      const made = !given.includes(value) && typeof value === "string" && value.length > 7 && !names.has(value);
      if (made) names.set(value, `<${label(resource)}>.${key}`);
    }
  }
  return new Map([...names].sort(([a], [b]) => b.length - a.length));
}

/** The value with physical names replaced and JSON texts read. */
function named(value: Json, names: Map<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => named(item, names));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, names)]));
  if (typeof value !== "string") return value;
  if (/^[[{]/.test(value) && value !== "[secret]") return named(JSON.parse(value) as Json, names);
  return [...names].reduce((text, [physical, name]) => text.replaceAll(physical, name), value);
}
