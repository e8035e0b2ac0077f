import { createRequire } from "node:module";

/**
 * What the SDK loads at once, and uses only to turn functions of a program into resources: npm's dependency resolver, which is 150 modules, and the
 * TypeScript compiler. Where the SDK's program is TypeScript that is compiled as it is loaded, the compiler is there already.
 */
const LIBRARIES = ["@npmcli/arborist", "typescript"];

type Exports = Record<PropertyKey, unknown>;

/** Lets the SDK, if it is not loaded yet, load these libraries when it uses them: a quarter of the time of a small plan. */
export function deferLibraries(): void {
  for (const library of LIBRARIES) defer(fileOf(library));
}

function defer(file: string | undefined): void {
  if (file === undefined || require.cache[file]) return;
  let loaded: Exports | undefined;
  const load = (): Exports => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = require(file) as Exports;
    }
    return loaded;
  };
  // A module that says it is an ES module is not copied when it is imported, so that its properties are read as late as they are used.
  const exports = new Proxy({}, { get: (_, key) => key === "__esModule" || load()[key] });
  require.cache[file] = { ...module, id: file, filename: file, loaded: true, children: [], exports };
}

/** Where the SDK finds a library. */
function fileOf(library: string): string | undefined {
  try {
    return createRequire(require.resolve("@pulumi/pulumi")).resolve(library);
  } catch {
    return undefined;
  }
}
