import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Stage, serving } from "./stage";

const FILE = "config:\n  review: { domain: preview.example.com, expiresAfterDays: 2 }\n";
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

describe("berth review", () => {
  const stage = Stage.use();
  let stacks: object[];
  let outputs: object;
  beforeEach(() => {
    stacks = [
      { name: "dev", lastUpdate: ago(500), updateInProgress: false },
      { name: "pr-7", lastUpdate: ago(47), updateInProgress: false },
      { name: "acme/pr-5", lastUpdate: ago(49), updateInProgress: false },
      { name: "pr-9", lastUpdate: ago(90), updateInProgress: true },
      { name: "pr-11" },
      // As a bucket or a folder has one that has only been created.
      { name: "pr-14", current: false, lastUpdate: ago(1), resourceCount: 0 },
    ];
    outputs = { url: "https://pr-12.preview.example.com" };
  });

  /** Runs in a project whose Pulumi CLI knows these stacks, and writes down what it is called with. */
  const review = (args: string[], { file = FILE, fails = "" } = {}) => {
    const cli = `
      case "$1 $2" in
        "stack ls") echo '${JSON.stringify(stacks)}' ;;
        "stack output") echo '${JSON.stringify(outputs)}' ;;
        *) echo "$@" >> called ;;
      esac
      case "$*" in ${fails || "no"}) exit 3 ;; esac`;
    stage.programs.file("Pulumi.yaml", "name: shop\n").file("Pulumi.dev.yaml", file).add("pulumi", cli);
    return stage.run(["review", ...args], [serving], {}, { env: stage.programs.env, cwd: stage.programs.directory });
  };
  const called = () => {
    const file = join(stage.programs.directory, "called");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  };

  describe("up", () => {
    it("makes the stack from the file of dev, and prints where it answers", async () => {
      const { status, out } = await review(["up", "12"]);
      assert.deepEqual([status, out], [0, "https://pr-12.preview.example.com\n"]);
      assert.deepEqual(called(), [
        "stack init pr-12 --no-select",
        "config cp --stack dev --dest pr-12",
        "config set --path review.pullRequest 12 --stack pr-12",
        "up --yes --stack pr-12",
      ]);
    });

    it("updates one that is there, and prints the URL of each service once", async () => {
      outputs = { url: "https://a.example", services: { web: { url: "https://a.example" }, api: { url: "https://b.example" }, job: {} } };
      assert.equal((await review(["up", "5"])).out, "https://a.example\nhttps://b.example\n");
      assert.equal(called()[0], "config cp --stack dev --dest pr-5");
    });

    it("encrypts with the key that the file names, and takes another file", async () => {
      stage.programs.file("Pulumi.base.yaml", `secretsprovider: awskms://alias/pulumi\n${FILE}`);
      stacks.push({ name: "base" });
      await review(["up", "12", "--stack", "acme/shop/base"]);
      assert.deepEqual(called().slice(0, 2), [
        "stack init pr-12 --no-select --secrets-provider awskms://alias/pulumi",
        "config cp --stack acme/shop/base --dest pr-12",
      ]);
    });

    it("names the key once more where a checkout does not have the stack's own file", async () => {
      const file = `secretsprovider: awskms://alias/pulumi\n${FILE}`;
      await review(["up", "7"], { file });
      assert.equal(called()[0], "stack change-secrets-provider awskms://alias/pulumi --stack pr-7");
      stage.programs.file("Pulumi.pr-5.yaml", file);
      await review(["up", "5"], { file });
      assert.equal(called()[4], "config cp --stack dev --dest pr-5");
    });

    it("makes none where the backend does not have the stack whose settings it takes", async () => {
      stacks = [{ name: "prod" }];
      const { status, err } = await review(["up", "12"]);
      assert.deepEqual([status, called()], [1, []]);
      assert.match(err, /The backend has no stack dev, so the CLI copies no settings of it\.[\s\S]*`pulumi stack init dev`/);
    });

    it("ends with the status of what fails, and says when nothing is reached", async () => {
      const failed = await review(["up", "12"], { fails: '"config set"*' });
      assert.deepEqual([failed.status, failed.out, called().length], [3, "", 3]);
      outputs = { service: "web" };
      assert.equal((await review(["up", "12"])).err, "pr-12 is deployed; none of its services has a route.\n");
    });
  });

  it("down destroys the stack and removes it, and minds no missing one", async () => {
    assert.equal((await review(["down", "5"])).status, 0);
    assert.deepEqual(called(), ["destroy --yes --remove --stack acme/pr-5"]);
    const { status, err } = await review(["down", "6"]);
    assert.deepEqual([status, err], [0, "There is no stack pr-6; nothing to destroy.\n"]);
  });

  it("list prints them in order, when they were deployed and when they go", async () => {
    const at = (hours: number) => ago(hours).slice(0, 16).replace("T", " ");
    assert.deepEqual((await review(["list"])).out.split("\n"), [
      `acme/pr-5  deployed ${at(49)}, expired ${at(1)}`,
      `pr-7       deployed ${at(47)}, expires ${at(-1)}`,
      "pr-9       is being updated",
      "pr-11      nothing deployed",
      `pr-14      nothing deployed, expires ${at(-47)}`,
      "",
    ]);
    const rows = JSON.parse((await review(["list", "--json"])).out) as { stack: string; pullRequest: number; busy: boolean }[];
    assert.deepEqual(
      rows.map(({ stack, pullRequest, busy }) => [stack, pullRequest, busy]),
      [
        ["acme/pr-5", 5, false],
        ["pr-7", 7, false],
        ["pr-9", 9, true],
        ["pr-11", 11, false],
        ["pr-14", 14, false],
      ],
    );
    stacks = [];
    assert.equal((await review(["list"])).err, "There are no review stacks.\n");
  });

  describe("reap", () => {
    it("destroys what has expired, and leaves what is being updated", async () => {
      const { status, out, err } = await review(["reap"]);
      assert.deepEqual([status, out, err], [0, "acme/pr-5\n", "pr-9 is being updated; it is left for the next time.\n"]);
      assert.deepEqual(called(), ["destroy --yes --remove --stack acme/pr-5"]);
    });

    it("destroys those of pull requests that are not open, whatever their age", async () => {
      assert.equal((await review(["reap", "--open", "5,7"])).out, "acme/pr-5\npr-11\npr-14\n");
      assert.equal((await review(["reap", "--open", ""])).out, "acme/pr-5\npr-7\npr-11\npr-14\n");
    });

    it("waits three days where the file says nothing else, and prints only with --dry-run", async () => {
      const file = "config:\n  review: { domain: preview.example.com }\n";
      assert.equal((await review(["reap", "--dry-run"], { file })).err, "pr-9 is being updated; it is left for the next time.\n");
      stacks = [{ name: "pr-1", lastUpdate: ago(73), updateInProgress: false }];
      assert.equal((await review(["reap", "--dry-run"], { file })).out, "pr-1\n");
      assert.deepEqual(called(), []);
      stacks = [];
      assert.equal((await review(["reap"])).err, "No review stack has to go.\n");
    });

    it("goes on after one that fails, and fails at the end", async () => {
      const { status, out } = await review(["reap", "--open", "9"], { fails: "*acme/pr-5" });
      assert.deepEqual([status, out], [1, "pr-7\npr-11\npr-14\n"]);
    });
  });

  it("refuses what it cannot do", async () => {
    const noDomain = await review(["up", "12"], { file: "config: {}\n" });
    assert.equal(noDomain.status, 1);
    assert.match(
      noDomain.err,
      /Pulumi\.dev\.yaml says nothing of review stacks\.[\s\S]*pulumi config set --path review\.domain preview\.example\.com/,
    );
    assert.match((await review(["down"])).err, /The number of the pull request is missing: berth review down NUMBER\./);
    for (const number of ["0", "x", "1.5", "-1x"])
      assert.match((await review(["up", number])).err, /must be the number of a pull request, such as 123|unknown option/, number);
    assert.match((await review(["reap", "--open", "5,x"])).err, /must be the number of a pull request/);
    assert.match((await review(["list"], { fails: '"stack ls"*' })).err, /pulumi stack ls ended with exit code 3; see above\./);
    assert.deepEqual(called(), []);
  });
});
