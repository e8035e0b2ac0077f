import { createRequire } from "node:module";

/** npm's dependency resolver: 150 modules, which the SDK loads at once and uses only to pack functions into a program's resources. */
const RESOLVER = "@npmcli/arborist";

/** Lets the SDK, if it is not loaded yet, load npm's dependency resolver when it uses it: a tenth of the time of a small plan. */
export function deferResolver(): void {
  const file = resolverOfSdk();
  if (file === undefined || require.cache[file]) return;
  const load = (): Record<PropertyKey, unknown> => {
    delete require.cache[file];
    return require(file) as Record<PropertyKey, unknown>;
  };
  // A module that says it is an ES module is not copied when it is imported, so that its properties are read as late as they are used.
  const exports = new Proxy({}, { get: (_, key) => key === "__esModule" || load()[key] });
  require.cache[file] = { ...module, id: file, filename: file, loaded: true, children: [], exports };
}

function resolverOfSdk(): string | undefined {
  try {
    return createRequire(require.resolve("@pulumi/pulumi")).resolve(RESOLVER);
  } catch {
    return undefined;
  }
}
