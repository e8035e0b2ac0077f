import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type FullPlan, makePlan } from "../../../plan/plan";
import type { Finding, Rollout } from "../../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS } from "../../../plan/project/assumptions";
import { page } from "../../../plan/report/html/page";
import { rolloutsOf } from "../../../plan/rollout/rollout";
import { type Comparison, compare } from "../../../plan/update/compare";
import { whyNoBrowser, withBrowser } from "../../helpers/browser";
import { itUnless } from "../../helpers/left-out";
import { resource, serviceGraph, urn } from "../graphs";
import { BASE, berth, withProject } from "../projects";

const PROGRAM = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  const evil = "<img src=https://evil.example/x onerror=alert(1)>";
  const lb = new aws.lb.LoadBalancer("public", { subnets: ["subnet-a", "subnet-b"] });
  const group = new aws.lb.TargetGroup("web", { port: 80, vpcId: "vpc-1" });
  new aws.lb.Listener("http", { loadBalancerArn: lb.arn, port: 80, defaultActions: [{ type: "forward", targetGroupArn: group.arn }] });
  const logs = new aws.cloudwatch.LogGroup(evil, { retentionInDays: 7 });
  const task = new aws.ecs.TaskDefinition("web", { family: "web", cpu: "256", memory: "512", containerDefinitions: pulumi.jsonStringify([{ name: "web", logs: logs.name }]) });
  new aws.ecs.Service("web", { taskDefinition: task.arn, desiredCount: 2, loadBalancers: [{ targetGroupArn: group.arn, containerName: "web", containerPort: 80 }] });
  pulumi.log.warn(evil);
  export const url = lb.dnsName;
  export const attack = evil;
`;

/** Elements that have no end tag. */
const VOID = new Set(["meta", "br", "img", "input", "link", "hr"]);

function checkNesting(text: string): void {
  const open: string[] = [];
  for (const [, end, name, closed] of text
    .replace(/<style>.*?<\/style>|<!doctype html>/gs, "")
    .matchAll(/<(\/?)([a-zA-Z0-9]+)[^<>]*?(\/?)>/g)) {
    if (end) assert.equal(open.pop(), name);
    else if (!closed && !VOID.has(name!)) open.push(name!);
  }
  assert.deepEqual(open, []);
}

describe("the HTML report", () => {
  let full: FullPlan;
  let text: string;
  before(async () => {
    full = await withProject({ ...BASE, "index.ts": PROGRAM }, (cwd) => makePlan({ cwd }));
    text = page(full);
  });

  it("is well-formed, with each id once", () => {
    assert.match(text, /^<!doctype html>\n<html lang="en">/);
    checkNesting(text);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual([...ids].sort(), [...new Set(ids)].sort());
    for (const [, refs] of text.matchAll(/ aria-labelledby="([^"]+)"/g))
      for (const ref of refs!.split(" ")) assert.ok(ids.includes(ref), ref);
  });

  it("asks for nothing and runs nothing", () => {
    assert.doesNotMatch(text, /<(script|link|iframe|object|img|video|audio|base|form)\b/i);
    assert.doesNotMatch(text, /\s(src|href|srcset|on[a-z]+)=["']/i);
    assert.doesNotMatch(text, /@import|url\((?!#)|image-set/i);
  });

  it("shows names and messages as text", () => {
    assert.equal(text.includes("<img"), false);
    assert.ok(text.includes("&lt;img src=https://evil.example/x onerror=alert(1)&gt;"));
  });

  it("is the same every time", () => assert.equal(page(full), text));

  it("holds the cost, the time line, the tree and the outputs", () => {
    for (const part of [
      '<th scope="row">total</th><td class="number">43.72</td>',
      "<h3>web: 390 s",
      "<strong>",
      "known after the deploy, like",
    ].filter((one) => one !== "<strong>"))
      assert.ok(text.includes(part), part);
    assert.match(text, /Internet to public load balancer \(HTTP 80\); public load balancer to web Fargate service \(\/\* to port 80\)/);
  });

  it("folds a long output, and leaves a short one open", () => {
    const outputs = { short: "x".repeat(200), long: { url: "y".repeat(200) } };
    const found = page({ ...full, plan: { ...full.plan, outputs } });
    assert.ok(found.includes(`<td><code>${"x".repeat(200)}</code></td>`));
    const value = `{&quot;url&quot;:&quot;${"y".repeat(200)}&quot;}`;
    assert.ok(found.includes(`<code>${value}</code></details></td>`), "whole");
    assert.match(found, /<summary><code>\{&quot;url&quot;:&quot;y{72}…<\/code><\/summary>/);
  });

  it("holds the comparison, where there is one", () => {
    const stack = (retentionInDays: number, ...more: string[]) => ({
      ...full.plan,
      resources: [
        resource("aws:cloudwatch/logGroup:LogGroup", "web", { retentionInDays }),
        ...more.map((name) => resource("aws:rds/instance:Instance", name)),
      ],
    });
    const changes = compare(stack(7, "db"), stack(30, "<b>"));
    const compared = page(full, changes);
    checkNesting(compared);
    for (const part of [
      '<h2 id="changes">shop / dev: what changes</h2>',
      "<strong>1 added, 1 removed, 1 changed, 0 replaced.</strong>",
      "Idle cost stays 43.72 USD a month.",
      "<summary>Changed (1)</summary>",
      "<li><code>cloudwatch.LogGroup web</code><ul><li><code>retentionInDays: 7 -&gt; 30</code></li></ul></li>",
      "<li><code>rds.Instance &lt;b&gt;</code></li>",
      '<li><code>rds.Instance db</code> <span class="mandatory">what it holds is lost</span></li>',
      "<summary>Order (",
    ])
      assert.ok(compared.includes(part), part);
    assert.ok(compared.indexOf('id="changes"') < compared.indexOf('id="picture"'));
    assert.equal(text.includes('id="changes"'), false);
  });

  it("of a comparison says what to do first, and what is replaced", () => {
    const balancer = (internal: boolean) => ({
      ...full.plan,
      resources: [resource("aws:lb/loadBalancer:LoadBalancer", "public", { internal })],
    });
    const compared = page(full, compare(balancer(false), balancer(true)));
    assert.match(
      compared,
      /<tr><th scope="row" class="mandatory">lb\.LoadBalancer public<\/th><td><code>internal<\/code><\/td><td>[^<]+<\/td><\/tr>/,
    );
    const between = page(full, compare({ ...balancer(false), stack: "prod" }, balancer(true)));
    assert.match(between, /shop \/ dev, compared with prod/);
    assert.equal(between.includes("<summary>Order"), false);
  });

  it("is written with the comparison by berth plan --html --against-stack", () =>
    withProject({ ...BASE, "Pulumi.prod.yaml": "config: { aws:region: eu-west-1 }\n", "index.ts": "export const a = 1;" }, (cwd) => {
      const { status } = berth("plan", "--cwd", cwd, "--html", join(cwd, "report.html"), "--against-stack", "prod");
      assert.match(readFileSync(join(cwd, "report.html"), "utf8"), /<h2 id="changes">shop \/ dev, compared with prod<\/h2>/);
      assert.equal(status, 0);
    }));

  it("is written by berth plan --html, and a place where it cannot be is one sentence", () =>
    withProject({ ...BASE, "index.ts": "export const a = 1;" }, (cwd) => {
      const { status, stderr, stdout } = berth("plan", "--cwd", cwd, "--html", join(cwd, "no", "report.html"));
      assert.match(stderr, /^The report cannot be written to .*report\.html \(ENOENT\): name a file in a folder that is there\.\n$/);
      assert.deepEqual([status, stdout], [2, ""]);
    }));

  it("has a row for each service, with what reaches it, what it uses, and what it costs", () => {
    const rows = text.match(/<section class="long" aria-labelledby="services">.*?<\/section>/s)?.[0] ?? "";
    assert.match(rows, /<h2 id="services">Service<\/h2>/);
    assert.match(
      rows,
      /<tr><th scope="row">web<\/th><td data-column="Tasks"><span class="short">2<\/span><\/td><td data-column="Size"><span class="short">0\.25 vCPU, 0\.5 GB<\/span><\/td><td data-column="Reached by">\/\* to port 80<\/td><td><\/td><td class="number" data-column="USD a month">18\.02<\/td><td class="number" data-column="Rollout">390 s<\/td><\/tr>/,
    );
    assert.ok(text.indexOf('id="services"') < text.indexOf('id="picture"'));
  });

  it("puts findings together by the change that ends them, and folds what only production needs", () => {
    const one: Finding = {
      rule: "r",
      severity: "high",
      level: "mandatory",
      urn: "",
      message: "it is <wrong>.",
      fix: "do it",
      source: "index.ts:3",
    };
    const advice: Finding = { ...one, severity: "low", level: "advisory", fix: "later" };
    const found = page({ ...full, plan: { ...full.plan, findings: [...Array<Finding>(5).fill(one), advice] } });
    checkNesting(found);
    const section = found.match(/<section class="long" aria-labelledby="findings">.*?<\/section>/s)?.[0] ?? "";
    assert.equal(section.match(/<code>do it<\/code>/g)?.length, 1);
    assert.match(
      section,
      /<span class="severity high">high, fails the plan<\/span> <code>do it<\/code> <span class="soft">index\.ts:3<\/span>/,
    );
    assert.match(section, /it is &lt;wrong&gt;\./);
    assert.match(section, /<details><summary>and 2 more<\/summary>/);
    assert.match(section, /<details><summary>For production \(1\)<\/summary>.*<code>later<\/code>/s);
    assert.match(found, /<dt>To fix<\/dt><dd>1<\/dd><dd class="note">1 or the plan fails<\/dd>/);
    const quiet = page({ ...full, plan: { ...full.plan, findings: [advice] } });
    assert.match(quiet, /<p>Nothing to fix in a stack like this\.<\/p>/);
    assert.match(quiet, /<dt>To fix<\/dt><dd>0<\/dd><dd class="note">and 1 for production<\/dd>/);
  });

  it("folds what is undecided by rule, and messages beyond the first", () => {
    const open = { rule: "r", severity: "low" as const, urn: "", message: "a value is unknown." };
    const said = Array.from({ length: 5 }, (_, index) => ({ severity: "info" as const, text: `note ${index}` }));
    const found = page({ ...full, plan: { ...full.plan, undecided: [open, open, { ...open, rule: "s" }], messages: said } });
    checkNesting(found);
    assert.match(found, /<span class="severity low">low<\/span> r<\/p><details><summary>2 values<\/summary>/);
    assert.match(found, /<span class="severity low">low<\/span> s<\/p><details><summary>1 value<\/summary>/);
    assert.match(found, /note 2<\/li><\/ul><details><summary>and 2 more<\/summary>/);
  });

  it("warns in a comparison of what to do before the deploy, and says what happens to the services", () => {
    const service = urn("aws:ecs/service:Service", "web");
    const plan = (retentionInDays: number) => ({
      ...full.plan,
      resources: [resource("aws:cloudwatch/logGroup:LogGroup", "web", { retentionInDays })],
    });
    const changes: Comparison = {
      ...compare(plan(7), plan(30)),
      services: [{ service, effect: "rolls", because: "taskDefinition", followed: true }],
      warnings: [{ kind: "traffic", urn: service, what: "web", text: "requests <fail>", advice: "wait" }],
    };
    const compared = page(full, changes);
    checkNesting(compared);
    assert.match(
      compared,
      /<th scope="col">Before you deploy<\/th><th scope="col">What to do<\/th><\/tr><\/thead><tbody>\n<tr><td class="mandatory">web: requests &lt;fail&gt;\.<\/td><td>wait<\/td><\/tr>/,
    );
    assert.match(compared, /<li>web: starts a deployment \(taskDefinition\); requests fail meanwhile; the update waits for it\.<\/li>/);
  });

  it("says of rollouts what they depend on, once for those that are alike", () => {
    const [known] = full.plan.rollout;
    const [other, boots] = [urn("aws:ecs/service:Service", "other"), urn("aws:ecs/service:Service", "boots")];
    const rollout: Rollout[] = [
      known!,
      { ...known!, service: other } as Rollout,
      { ...known!, service: boots, secondsWithInstanceBoot: 500, giveUpSeconds: null } as Rollout,
      { service: urn("aws:ecs/service:Service", "dark"), strategy: null, seconds: null, steps: [], unknown: "its port is unknown." },
    ];
    const resources = [...full.resources, resource("aws:ecs/service:Service", "dark")];
    const text = page({ ...full, resources, plan: { ...full.plan, rollout } });
    checkNesting(text);
    const section = text.match(/<section class="long" aria-labelledby="rollout">.*?<\/section>/s)?.[0] ?? "";
    assert.deepEqual(
      [...section.matchAll(/<h3>([^<]*)/g)].map(([, title]) => title),
      [`web, ${other}: 390 s `, `${boots}: 390 s `, "dark: unknown"],
    );
    assert.match(section, /<p>back to the revision before in 390 s; 500 s if an instance must boot; no circuit breaker\.<\/p>/);
    assert.match(section, /<p class="warning">its port is unknown\.<\/p>/);
    assert.match(text, /<dt>Rollout<\/dt><dd>unknown<\/dd><\/div>/);
    const row = text.match(/<tr><th scope="row">dark<\/th>.*?<\/tr>/s)?.[0] ?? "";
    assert.match(row, /data-column="Size"><span class="short">unknown<\/span>/);
    assert.match(row, /data-column="Rollout">unknown<\/td>/);
  });

  const widths: [width: number, shown: string][] = [
    [390, "block"],
    [768, "table-row"],
    [1280, "table-row"],
  ];
  itUnless(whyNoBrowser, "of fifty services fits phone, tablet and desktop, light and dark", () =>
    withBrowser((browser) =>
      withProject({}, async (dir) => {
        const resources = [...full.resources, ...Array.from({ length: 50 }, (_, index) => serviceGraph(`service-${index}`)).flat()];
        const rollout = rolloutsOf(resources, DEFAULT_ASSUMPTIONS);
        const file = join(dir, "report.html");
        writeFileSync(file, page({ ...full, resources, plan: { ...full.plan, resources, rollout } }));
        for (const colorScheme of ["light", "dark"] as const) {
          for (const [width, shown] of widths) {
            const view = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
            await view.goto(pathToFileURL(file).href);
            const [wide, high, display, picture] = (await view.evaluate(`[
              document.documentElement.scrollWidth,
              document.documentElement.scrollHeight,
              getComputedStyle(document.querySelector("table.cards tbody tr")).display,
              document.querySelector("svg").getBoundingClientRect().width,
            ]`)) as [number, number, string, number];
            assert.ok(wide <= width, `${wide} px on ${width}`);
            assert.ok(picture <= width, `a picture of ${picture} px on ${width}`);
            assert.ok(high < (width < 500 ? 14_000 : 6_000), `${high} px tall on ${width}`);
            assert.equal(display, shown);
            await view.close();
          }
        }
      }),
    ),
  );

  itUnless(whyNoBrowser, "makes no request, logs no error, fits a phone, follows dark, and has names for a screen reader", () =>
    withBrowser((browser) =>
      withProject({}, async (dir) => {
        const file = join(dir, "report.html");
        writeFileSync(file, text);
        const view = await browser.newPage({ viewport: { width: 360, height: 740 } });
        const [requests, errors]: string[][] = [[], []];
        view.on("request", (request) => requests!.push(request.url()));
        view.on("console", (message) => errors!.push(message.text()));
        view.on("pageerror", (error) => errors!.push(error.message));
        await view.goto(pathToFileURL(file).href);
        assert.deepEqual([requests, errors], [[pathToFileURL(file).href], []]);
        const measure = () =>
          view.evaluate("[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]") as Promise<
            [number, string]
          >;
        const [width, light] = await measure();
        assert.ok(width <= 360, `the page is ${width} px wide on a phone of 360`);
        await view.emulateMedia({ colorScheme: "dark" });
        assert.notEqual((await measure())[1], light);
        await view.getByRole("img", { name: "Architecture of shop / dev" }).waitFor();
        for (const name of ["Architecture", "Cost", "Rollout", "Resources", "Outputs"])
          await view.getByRole("heading", { name, exact: true }).waitFor();
      }),
    ),
  );
});
