import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Build, buildHash, contextFiles, findDockerfile } from "../../../components/image/context";
import { refuse } from "../../helpers/arguments";
import { TEMPLATE } from "../../helpers/places";
import { messageOf } from "../../plan/projects";

describe("what a build sees", () => {
  let folder: string;
  let dockerfile: string;
  const write = (name: string, text = name) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const files = () => contextFiles(folder, dockerfile);
  const hash = (settings: Partial<Build> = {}) =>
    buildHash({ context: { location: folder }, dockerfile: { location: dockerfile }, ...settings }, refuse);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-context-"));
    dockerfile = join(folder, "Dockerfile");
    for (const name of ["Dockerfile", "README.md", "src/server.ts", "src/deep/a.ts", "node_modules/x/index.js", ".env"]) write(name);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is everything, without a .dockerignore", () => {
    assert.deepEqual(files(), [".env", "Dockerfile", "README.md", "node_modules/x/index.js", "src/deep/a.ts", "src/server.ts"]);
  });

  it("is what the .dockerignore leaves", () => {
    write(".dockerignore", "# nothing of these\nnode_modules\n*.md\n.env\n");
    assert.deepEqual(files(), [".dockerignore", "Dockerfile", "src/deep/a.ts", "src/server.ts"]);
  });

  it("is what exceptions bring back, also out of ignored folders", () => {
    write(".dockerignore", "*\n!src\nsrc/deep\n!node_modules/x/index.js\n");
    assert.deepEqual(files(), ["node_modules/x/index.js", "src/server.ts"]);
  });

  it("obeys the ignore file of the Dockerfile before the context's", () => {
    write(".dockerignore", "src\n");
    write("Dockerfile.dockerignore", "*\n!README.md\n");
    assert.deepEqual(files(), ["README.md"]);
  });

  describe("and its hash", () => {
    beforeEach(() => write(".dockerignore", "*\n!src\n"));

    const changes: [what: string, change: () => void, same: boolean][] = [
      ["content", () => write("src/server.ts", "other"), false],
      ["a new file", () => write("src/new.ts"), false],
      ["a file gone", () => unlinkSync(join(folder, "src/server.ts")), false],
      ["a new name", () => renameSync(join(folder, "src/server.ts"), join(folder, "src/serve.ts")), false],
      ["the right to run", () => chmodSync(join(folder, "src/server.ts"), 0o755), false],
      ["the Dockerfile, though it is ignored", () => write("Dockerfile", "FROM scratch"), false],
      ["where a link leads", () => symlinkSync("server.ts", join(folder, "src/link")), false],
      // The provider builds again for it, and COPY keeps it.
      ["the group's rights", () => chmodSync(join(folder, "src/server.ts"), 0o600), false],
      ["a README that is ignored", () => write("README.md", "other"), true],
      ["an ignored file more", () => write("notes/today.md"), true],
      ["a pipe, which is in no image", () => execFileSync("mkfifo", [join(folder, "src/pipe")]), true],
      ["nothing but the time", () => write("src/server.ts"), true],
    ];
    for (const [what, change, same] of changes) {
      it(`${same ? "stays with" : "changes with"} ${what}`, () => {
        const before = hash();
        change();
        assert.equal(hash() === before, same);
      });
    }

    it("changes with the settings of the build", () => {
      assert.match(hash(), /^[0-9a-f]{64}$/);
      assert.notEqual(hash({ architecture: "arm64" }), hash({ architecture: "x86_64" }));
    });

    it("changes with the last byte of a file that is read in pieces", () => {
      write("src/large", "x".repeat(3_000_000));
      const before = hash();
      write("src/large", `${"x".repeat(2_999_999)}y`);
      assert.notEqual(hash(), before);
    });

    it("changes with what a link leads to, for which the provider builds again", () => {
      symlinkSync("../README.md", join(folder, "src/link"));
      const before = hash();
      write("README.md", "other");
      assert.notEqual(hash(), before);
    });

    it("is refused where a link leads nowhere", async () => {
      symlinkSync("nowhere", join(folder, "src/link"));
      const link = join(folder, "src/link");
      assert.equal(
        await messageOf(() => hash()),
        `context: ${link} is a symbolic link that leads nowhere, and the build would fail on it; name it in .dockerignore, or remove it.`,
      );
    });

    it("changes with the files of further contexts, and with the address of one that is no folder", () => {
      const named = (location: string) => hash({ context: { location: folder, named: { more: { location } } } });
      const more = join(folder, "more");
      write("more/a", "1");
      const before = named(more);
      write("more/a", "2");
      assert.notEqual(named(more), before);
      assert.notEqual(named("docker-image://alpine:3.22"), named("docker-image://alpine:3.23"));
    });

    it("is the same however the settings are ordered", () => {
      assert.equal(hash({ buildArgs: { A: "1", B: "2" } }), hash({ buildArgs: { B: "2", A: "1" } }));
      assert.notEqual(hash({ buildArgs: { A: "1" } }), hash({ buildArgs: { A: "2" } }));
    });

    it("tells two links by where they lead", () => {
      write("src/twin.ts", "src/server.ts");
      symlinkSync("server.ts", join(folder, "src/link"));
      const before = hash();
      unlinkSync(join(folder, "src/link"));
      symlinkSync("twin.ts", join(folder, "src/link"));
      assert.notEqual(hash(), before);
    });
  });
});

describe("the sample app's image", () => {
  it("does not change with what is beside its sources", () => {
    const app = join(TEMPLATE, "app");
    const seen = contextFiles(app, join(app, "Dockerfile"));
    assert.ok(seen.includes("src/server.ts") && seen.includes("package.json"), seen.join(", "));
    assert.deepEqual(
      seen.filter((file) => /readme|test|node_modules|dist|\.env/i.test(file)),
      [],
    );
  });
});

describe("the Dockerfile", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-dockerfile-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the context's own, or the one named", () => {
    writeFileSync(join(folder, "Dockerfile"), "");
    writeFileSync(join(folder, "web.Dockerfile"), "");
    assert.equal(findDockerfile(folder, undefined, refuse), join(folder, "Dockerfile"));
    assert.equal(findDockerfile(folder, join(folder, "web.Dockerfile"), refuse), join(folder, "web.Dockerfile"));
  });

  it("has a folder", async () => {
    assert.equal(
      await messageOf(() => findDockerfile(join(folder, "no"), undefined, refuse)),
      `context: there is no folder "${join(folder, "no")}"; give the folder that holds the Dockerfile.`,
    );
    writeFileSync(join(folder, "file"), "");
    assert.match(await messageOf(() => findDockerfile(join(folder, "file"), undefined, refuse)), /^context: there is no folder /);
  });

  it("is there", async () => {
    assert.equal(
      await messageOf(() => findDockerfile(folder, undefined, refuse)),
      `dockerfile: there is no file ${join(folder, "Dockerfile")}; write one, or give its path.`,
    );
    assert.match(await messageOf(() => findDockerfile(folder, folder, refuse)), /^dockerfile: there is no file /);
    writeFileSync(join(folder, "dockerfile.prod"), "");
    assert.equal(
      await messageOf(() => findDockerfile(folder, undefined, refuse)),
      `dockerfile: there is no file ${join(folder, "Dockerfile")}; did you mean ${join(folder, "dockerfile.prod")}?`,
    );
  });
});
