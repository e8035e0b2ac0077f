// Runs before `npm run plan` and `npm test`: installs what package-lock.json names and node_modules lacks.
// Plain JavaScript without dependencies, because it runs before any are there.
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.dirname(__dirname);
const wanted = require(path.join(root, "package.json")).engines.node.replace(/\D/g, "");
if (Number(process.versions.node.split(".")[0]) < Number(wanted)) {
  console.error(`Berth needs Node ${wanted} or newer; this is ${process.version}.`);
  process.exit(2);
}

const read = (file) => {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
  } catch {
    return undefined;
  }
};

/** True if every package that the lock file asks for on this machine is installed in that version. */
function complete() {
  const lock = read("package-lock.json")?.packages ?? {};
  const have = read("node_modules/.package-lock.json")?.packages;
  if (!have) return false;
  return Object.entries(lock).every(([where, p]) => where === "" || p.optional || have[where]?.version === p.version);
}

if (!complete()) {
  console.error("Installing what is missing (npm ci) ...");
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const r = spawnSync(npm[0], [...npm.slice(1), "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (r.status !== 0) {
    console.error("npm ci failed; see above.");
    process.exit(2);
  }
}
