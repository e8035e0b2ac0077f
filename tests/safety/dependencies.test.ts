// What this repository is made of: packages by exact version and by hash, a base image by digest, and an audit that says what the registry knows.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { REPOSITORY, TEMPLATE } from "../helpers/places";

const read = (file: string) => readFileSync(join(file.startsWith("app/") ? TEMPLATE : REPOSITORY, file), "utf8");

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}
interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

describe("the dependencies", () => {
  // 3.248 is the last SDK for Node 20, and TypeScript 7 has no API that ts-node could use: the lock file says which of the others it is.
  const RANGES = ["@pulumi/pulumi", "typescript"];

  for (const file of ["package.json", "app/package.json", "policy/package.json"])
    it(`of ${file} are pinned exactly`, () => {
      const { dependencies, devDependencies } = JSON.parse(read(file)) as Manifest;
      const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
      assert.deepEqual(
        loose.map(([name]) => name).filter((name) => !RANGES.includes(name)),
        [],
      );
    });

  for (const file of ["package-lock.json", "app/package-lock.json"])
    it(`of ${file} are known by their hashes, and come from no other place than the registry`, () => {
      const { packages } = JSON.parse(read(file)) as { packages: Record<string, Locked> };
      const locked = Object.entries(packages).filter(([where]) => where !== "");
      const loose = locked.filter(
        ([, p]) =>
          !/^sha512-/.test(p.integrity ?? "") ||
          !/^\d+\.\d+\.\d+/.test(p.version ?? "") ||
          p.link ||
          /^(git|file|http:)/.test(p.resolved ?? ""),
      );
      assert.deepEqual(loose, []);
    });

  it("run no more programs while they are installed than these", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
    const running = Object.entries(packages).filter(([, p]) => p.hasInstallScript);
    const names = running.map(([where]) => where.split("node_modules/").pop());
    assert.deepEqual([...new Set(names)].sort(), ["@pulumi/command", "@pulumi/docker-build", "@swc/core", "docker-classic", "protobufjs"]);
  });

  it("of the sample are one image, by digest", () => {
    const dockerfile = read("app/Dockerfile");
    assert.deepEqual(
      [...dockerfile.matchAll(/^FROM \$(\S+)/gm)].map(([, name]) => name),
      ["{BASE_IMAGE}", "{BASE_IMAGE}"],
    );
    assert.equal(dockerfile.match(/^FROM /gm)?.length, 2);
    assert.match(dockerfile, /^ARG BASE_IMAGE=[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/m);
  });
});

/** What a registry says of a package with one version. */
const PACKAGE = { name: "left", "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": { name: "left", version: "1.0.0" } } };

describe("the audit", () => {
  // A project of one package, whose registry answers as `answer` says.
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-audit-"));
    const lock = {
      name: "x",
      lockfileVersion: 3,
      packages: { "": { dependencies: { left: "1.0.0" } }, "node_modules/left": { version: "1.0.0" } },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "x", dependencies: { left: "1.0.0" } }));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
    cpSync(join(REPOSITORY, "scripts", "audit.js"), join(folder, "audit.js"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function audit(answer: (asked: Record<string, string[]>) => object | undefined): Promise<{ code: number; said: string }> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body).toString() : body.toString();
        const given = request.method === "POST" ? answer(JSON.parse(text) as Record<string, string[]>) : PACKAGE;
        response.writeHead(given ? 200 : 405, { "content-type": "application/json" }).end(given && JSON.stringify(given));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    try {
      return await new Promise((done) => {
        const env = {
          ...process.env,
          npm_config_registry: `http://127.0.0.1:${port}/`,
          npm_config_cache: join(folder, `cache-${port}`),
          npm_config_fetch_retries: "0",
        };
        execFile(process.execPath, [join(folder, "audit.js"), folder], { env }, (error, stdout, stderr) =>
          done({ code: Number(error?.code ?? 0), said: stdout + stderr }),
        );
      });
    } finally {
      server.close();
    }
  }
  const advisory = (severity: string) => ({
    left: [
      { id: 1, url: "https://example.com/1", title: "It falls over", severity, vulnerable_versions: "<2.0.0", cwe: [], cvss: { score: 9 } },
    ],
  });

  it("passes where the registry knows of nothing, and asks for what is locked", async () => {
    let asked: unknown;
    const { code, said } = await audit((packages) => {
      asked = packages;
      return {};
    });
    assert.deepEqual(asked, { left: ["1.0.0"] });
    assert.deepEqual([code, said], [0, "1 packages, no known vulnerability of high severity.\n"]);
  });

  it("passes what is less than high", async () => assert.equal((await audit(() => advisory("moderate"))).code, 0));

  it("fails where a package has a vulnerability of high severity, and names it", async () => {
    const { code, said } = await audit(() => advisory("high"));
    assert.equal(code, 1);
    assert.match(said, /^high: left \*: It falls over \(https:\/\/example\.com\/1\)\n1 of 1 packages are vulnerable\.$/m);
  });

  it("says when the registry cannot be asked, which is neither", async () => {
    const { code, said } = await audit(() => undefined);
    assert.equal(code, 75);
    assert.match(said, /^Not audited: 405 Method Not Allowed/);
  });
});
