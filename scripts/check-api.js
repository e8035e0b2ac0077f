// node scripts/check-api.js: every argument of a component has a sentence in its comment, and an optional one says its default. Reads the comments as TypeDoc does.
"use strict";
const path = require("node:path");

const ROOT = path.dirname(__dirname);
/** What components hand out; all else that the library exports is an argument, or part of one. */
const HANDED_OUT = ["ClusterLike", "ContainerImage", "LoadBalancerLike", "Location", "NetworkLike", "Route", "RunSettings"];
/** Its default is that nothing is changed. */
const WITHOUT_DEFAULT = ["transform"];

const textOf = (comment) =>
  [...(comment?.summary ?? []), ...(comment?.blockTags ?? []).flatMap(({ content }) => content)].map(({ text }) => text).join("");

/** The properties of a type: its own, and those of the types that it is made of. */
function propertiesOf(type) {
  if (!type) return [];
  return [
    ...(type.declaration?.children ?? []),
    ...[...(type.types ?? []), ...(type.elementType ? [type.elementType] : [])].flatMap(propertiesOf),
  ];
}

function complaintsAbout(owner, property) {
  if (WITHOUT_DEFAULT.includes(property.name)) return textOf(property.comment) === "" ? [`${owner}.${property.name} has no comment`] : [];
  const text = textOf(property.comment);
  const name = `${owner}.${property.name}`;
  if (text === "") return [`${name} has no comment`];
  if (property.flags?.isOptional && !/\bdefault/i.test(text)) return [`${name} does not say its default`];
  return propertiesOf(property.type).flatMap((inner) => complaintsAbout(name, inner));
}

async function main() {
  const { Application, ReflectionKind } = await import("typedoc");
  const app = await Application.bootstrap({
    options: path.join(__dirname, "typedoc.json"),
    skipErrorChecking: true,
    logLevel: "Error",
    validation: {},
  });
  const project = await app.convert();
  if (!project) throw new Error("TypeDoc cannot read components/index.ts");
  const { children } = app.serializer.projectToObject(project, ROOT);
  const types = children.filter(
    ({ kind, name }) => [ReflectionKind.Interface, ReflectionKind.TypeAlias].includes(kind) && !HANDED_OUT.includes(name),
  );
  const complaints = types.flatMap(({ name, children: own = [], type }) =>
    [...own, ...propertiesOf(type)].filter(({ inheritedFrom }) => !inheritedFrom).flatMap((property) => complaintsAbout(name, property)),
  );
  for (const complaint of new Set(complaints)) console.error(complaint);
  console.log(`${types.length} types of arguments, ${complaints.length} complaints.`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

main();
