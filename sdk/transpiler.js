// For ts-node, which tsconfig.json sends here: swc, whose output is kept beside the packages, so that a file is turned into JavaScript once and not at
// each preview. One entry for each file, which is overwritten when it or what reads it changes.
const { createHash, randomUUID } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const FOLDER = join(__dirname, "..", "node_modules", ".cache", "berth");

const hash = (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** What the output depends on beside the file itself. */
const toolsOf = ({ service, nodeModuleEmitKind }) => {
  const versions = ["@swc/core", "ts-node"].map((name) => require(`${name}/package.json`).version);
  return [versions, nodeModuleEmitKind, service.config.options];
};

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

exports.create = (options) => {
  const tools = hash(toolsOf(options));
  let swc;
  return {
    transpile(source, { fileName, ...more }) {
      const [entry, key] = [join(FOLDER, hash(fileName, options.nodeModuleEmitKind)), hash(tools, source)];
      const kept = read(entry, key);
      if (kept) return kept;
      swc ??= require("ts-node/transpilers/swc").create(options);
      const output = swc.transpile(source, { fileName, ...more });
      keep(entry, key, output);
      return output;
    },
  };
};
