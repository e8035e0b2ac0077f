// For ts-node, which tsconfig.json sends here: swc, whose output is kept beside the packages, so that a file is turned into JavaScript once and not at
// each preview.
const { createHash, randomUUID } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const FOLDER = join(__dirname, "..", "node_modules", ".cache", "berth");

const hash = (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

function read(entry, key) {
  try {
    const kept = JSON.parse(readFileSync(entry, "utf8"));
    return kept.key === key ? kept.output : undefined;
  } catch {
    return undefined;
  }
}

function keep(entry, key, output) {
  const draft = `${entry}.${randomUUID()}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(draft, JSON.stringify({ key, output }));
    renameSync(draft, entry);
  } catch {
    // A folder that cannot be written to costs time, nothing else.
  }
}

/** The versions of what turns TypeScript into JavaScript. */
const versions = () => ["@swc/core", "ts-node"].map((name) => require(`${name}/package.json`).version);

/**
 * What `make` makes, made once: one entry for each `name`, overwritten when one of `parts`, all that it is made of, has changed.
 */
exports.once = (name, parts, make) => {
  const [entry, key] = [join(FOLDER, hash(name)), hash(parts)];
  const kept = read(entry, key);
  if (kept !== undefined) return kept;
  const output = make();
  keep(entry, key, output);
  return output;
};

exports.versions = versions;

exports.create = (options) => {
  const { service, nodeModuleEmitKind } = options;
  const tools = hash(versions(), nodeModuleEmitKind, service.config.options);
  let swc;
  return {
    transpile(source, { fileName, ...more }) {
      return exports.once([fileName, nodeModuleEmitKind], [tools, source], () => {
        swc ??= require("ts-node/transpilers/swc").create(options);
        return swc.transpile(source, { fileName, ...more });
      });
    },
  };
};
