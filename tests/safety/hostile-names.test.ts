// Names that would be code somewhere: in HTML, in SVG, in Mermaid, in a Markdown table, in a spreadsheet, on a terminal.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { whyNoBrowser, withBrowser } from "../helpers/browser";
import { itUnless } from "../helpers/left-out";
import { BASE, withProject } from "../plan/projects";
import { runBerth } from "./tool";

const ESCAPES = "\u001b[31mred\u001b[0m\u001b]0;title\u0007\u009b2J\u202e\r\u0008";
const EVIL = `=1+1</title></style></svg><script>document.title="pwned"</script><img src=x onerror="document.title='pwned'">|\`"']]\n-->;end${ESCAPES}`;
const PROGRAM = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  const evil = ${JSON.stringify(EVIL)};
  const config = new pulumi.Config();
  new aws.cloudwatch.LogGroup(evil, { name: evil, tags: { [evil]: evil, stack: config.get("color") ?? "" } });
  const lb = new aws.lb.LoadBalancer(evil, { subnets: ["subnet-a", "subnet-b"], tags: { [evil]: config.get("color") ?? "" } });
  const group = new aws.lb.TargetGroup(evil, { port: 80, vpcId: "vpc-1", tags: { evil } });
  new aws.lb.Listener(evil, { loadBalancerArn: lb.arn, port: 80, defaultActions: [{ type: "forward", targetGroupArn: group.arn }] });
  const task = new aws.ecs.TaskDefinition(evil, { family: evil, cpu: "256", memory: "512", containerDefinitions: JSON.stringify([{ name: evil, image: evil }]) });
  new aws.ecs.Service(evil, {
    taskDefinition: task.arn,
    desiredCount: 2,
    loadBalancers: [{ targetGroupArn: group.arn, containerName: evil, containerPort: 80 }],
  });
  if (config.getBoolean("more")) new aws.ecr.Repository(evil + "more", { name: evil });
  pulumi.log.warn(evil);
  console.log(evil);
  export const out = { [evil]: evil };
`;
const SHOP = {
  ...BASE,
  "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n  color: blue\n  more: true\n",
  "Pulumi.other.yaml": `config:\n  aws:region: eu-west-1\n  color: ${JSON.stringify(EVIL)}\n`,
  "index.ts": PROGRAM,
};

/** What moves a cursor, colors, rings or turns the direction of text; the ends of lines (of CSV: with a return) do none of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
const STEERING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/;

function plan(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd, ...args]);
  assert.ok(status === 0 || status === 1, stderr);
  assert.doesNotMatch(stderr, STEERING);
  return stdout;
}

/** The cells of a row of a Markdown table, as GitHub splits them. */
const cellsOf = (row: string) => row.replace(/^\|\s*|\s*\|$/g, "").split(/(?<!\\)(?:\\\\)*\|/);

/** The rows of a CSV text, by RFC 4180. */
function csvRows(text: string): string[][] {
  return text
    .trimEnd()
    .split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((row) => [...row.matchAll(/(?:^|,)"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"')));
}

describe("hostile names", () => {
  for (const form of [
    [],
    ["--mermaid"],
    ["--controls", "markdown"],
    ["--against-stack", "other"],
    ["--against-stack", "other", "--markdown"],
  ]) {
    it(`do not steer the terminal: berth plan ${form.join(" ")}`, () =>
      withProject(SHOP, (cwd) => {
        const text = plan(cwd, ...form);
        assert.doesNotMatch(text, STEERING);
        assert.ok(text.length > 0);
      }));
  }

  it("come out of the JSON as they went in, and no control character is in it raw", () =>
    withProject(SHOP, (cwd) => {
      const text = plan(cwd, "--json");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
      const { outputs } = JSON.parse(text) as { outputs: { out: Record<string, string> } };
      assert.deepEqual(outputs.out, { [EVIL]: EVIL });
    }));

  it("break out of no cell of the controls' tables, and are no formula in a spreadsheet", () =>
    withProject(SHOP, (cwd) => {
      const rows = plan(cwd, "--controls", "markdown").trimEnd().split("\n");
      for (const row of rows) {
        assert.equal(cellsOf(row).length, 7, row);
        assert.doesNotMatch(row, /<(?!br)/);
      }
      assert.ok(rows.some((row) => row.includes("pwned")));
      const cells = csvRows(plan(cwd, "--controls", "csv"));
      assert.ok(cells.flat().some((cell) => cell.includes("pwned")));
      for (const row of cells) {
        assert.equal(row.length, 7, row.join(" ¦ "));
        for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
      }
    }));

  it("are code in the Markdown of a comparison, never markup", () =>
    withProject(SHOP, (cwd) => {
      const [mark, ...lines] = plan(cwd, "--against-stack", "other", "--markdown").split("\n");
      assert.equal(mark, "<!-- berth plan shop/dev -->");
      const text = lines.join("\n");
      assert.ok(text.includes("pwned"));
      const markup = text.replace(/(`+) .*? \1(?!`)/g, "").replace(/\\./g, "");
      // A row of a table holds messages with names in them, escaped, on one line.
      assert.doesNotMatch(markup, /<(?!\/?(?:details|summary)>|br>)/);
      for (const line of markup.split("\n").filter((each) => !each.startsWith("| "))) assert.doesNotMatch(line, /pwned|endred/);
    }));

  it("are labels in the Mermaid diagram, never syntax", () =>
    withProject(SHOP, (cwd) => {
      const lines = plan(cwd, "--mermaid").trimEnd().split("\n");
      assert.equal(lines[0], "flowchart LR");
      assert.ok(lines.some((line) => line.includes("pwned")));
      for (const line of lines.slice(1)) {
        assert.match(
          line,
          /^ +(subgraph n\d+\["[^"]*"\]|end|n\d+(\(\[|\{\{|\[\(|\[)"[^"]*"(\]\)|\}\}|\)\]|\])|n\d+ -->(\|"[^"]*"\|)? n\d+)$/,
        );
        assert.doesNotMatch(line.replaceAll("<br/>", ""), /[<`;]/);
      }
    }));

  itUnless(whyNoBrowser, "are text in the HTML report, for a browser too", () =>
    withBrowser((browser) =>
      withProject(SHOP, async (cwd) => {
        const file = join(cwd, "report.html");
        plan(cwd, "--html", file);
        const context = await browser.newContext({ bypassCSP: true });
        const view = await context.newPage();
        const requests: string[] = [];
        view.on("request", (request) => requests.push(request.url()));
        await view.goto(pathToFileURL(file).href);
        assert.deepEqual(requests, [pathToFileURL(file).href], "without its policy too, the page asks for nothing");
        assert.equal(await view.title(), "shop / dev: plan");
        const found = await view.evaluate(`({
          live: document.querySelectorAll("script, img, iframe, object, embed, link, base, form, foreignObject").length,
          handlers: [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes]).filter(({ name }) => name.startsWith("on")).length,
          svgs: document.querySelectorAll("svg").length,
          shown: document.body.textContent.includes('<script>document.title="pwned"</script>'),
        })`);
        assert.deepEqual(found, { live: 0, handlers: 0, svgs: 1, shown: true });
      }),
    ),
  );

  it("of projects, stacks and flags do not steer the terminal in an error", () =>
    withProject(
      { ...BASE, "Pulumi.yaml": `name: ${JSON.stringify(EVIL)}\nruntime: nodejs\nconfig: { ${JSON.stringify(EVIL)}: { type: string } }\n` },
      (cwd) => {
        for (const args of [[], ["--stack", ESCAPES], ["--config", ESCAPES], ["--against", ESCAPES.replace("/", "")]]) {
          const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd, ...args]);
          assert.doesNotMatch(stderr, STEERING);
          assert.deepEqual([status, stdout], [2, ""]);
          assert.ok(stderr.length > 1);
        }
      },
    ));
});
