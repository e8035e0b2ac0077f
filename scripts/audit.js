// Asks the registry whether a package of package-lock.json has a known vulnerability of high severity or worse (`npm audit`). Ends with 0 if none has,
// with 1 if one has, and with 75 if the registry cannot say: a mirror of packages need not know their vulnerabilities.
"use strict";
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const folder = path.resolve(process.argv[2] ?? path.dirname(__dirname));
const { stdout, error } = spawnSync("npm", ["audit", "--json", "--audit-level=high"], {
  cwd: folder,
  encoding: "utf8",
  maxBuffer: 2 ** 27,
  shell: process.platform === "win32",
});

/** npm's report, or what it says in place of one. */
function answer() {
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: error ? `npm cannot be started: ${error.message}` : "npm audit gave no report" };
  }
}

const report = answer();
if (report.auditReportVersion === undefined) {
  console.error(`Not audited: ${report.message ?? report.error?.summary ?? "the registry gave no report"}`);
  process.exit(75);
}
const bad = Object.values(report.vulnerabilities).filter(({ severity }) => severity === "high" || severity === "critical");
for (const { name, severity, range, via } of bad) {
  // What is named by a text is vulnerable through that package, which has a line of its own.
  const causes = via.map((cause) => (typeof cause === "string" ? `through ${cause}` : `${cause.title} (${cause.url})`));
  console.error(`${severity}: ${name} ${range}: ${causes.join("; ")}`);
}
const { total } = report.metadata.dependencies;
console.error(
  bad.length === 0 ? `${total} packages, no known vulnerability of high severity.` : `${bad.length} of ${total} packages are vulnerable.`,
);
process.exit(bad.length === 0 ? 0 : 1);
