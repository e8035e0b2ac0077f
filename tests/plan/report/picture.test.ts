import assert from "node:assert/strict";
import * as fc from "fast-check";
import { condense } from "../../../plan/report/condense";
import { Html, html } from "../../../plan/report/html/escape";
import { layOut } from "../../../plan/report/html/layout";
import { svg } from "../../../plan/report/html/svg";
import { mermaid } from "../../../plan/report/mermaid";
import { type Picture, type PictureNode, pictureOf } from "../../../plan/report/picture";
import { pictureOfChanges } from "../../../plan/report/picture-of-changes";
import type { ResourceChange } from "../../../plan/update/compare";
import { resource, SERVICE, serviceGraph, urn } from "../graphs";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const IMAGE = "docker-build:index:Image";
const TABLE = "aws:dynamodb/table:Table";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";

const subnet = (name: string, SubnetType: string) => resource(SUBNET, name, { tags: { SubnetType } }, { vpcId: [urn(VPC, "net")] });

/** A load balancer in front of a private service that needs a table, by a policy of its role. */
function shop(internal = false) {
  const [task, group, service] = serviceGraph("web", { service: { desiredCount: 3, loadBalancers: [{ containerPort: 8000 }] } });
  return [
    resource(VPC, "net", { cidrBlock: "10.0.0.0/16" }),
    subnet("a", "Public"),
    subnet("b", "Private"),
    resource("aws:ec2/natGateway:NatGateway", "nat", {}, { subnetId: [urn(SUBNET, "a")] }),
    resource(BALANCER, "public", { internal }, { subnets: [urn(SUBNET, "a")] }),
    resource(LISTENER, "https", { port: 443, protocol: "HTTPS" }, { loadBalancerArn: [urn(BALANCER, "public")] }),
    resource(
      RULE,
      "web",
      {
        conditions: [
          { httpHeader: { httpHeaderName: "x-preview", values: ["yes"] } },
          { pathPattern: { values: ["/v1/*"] } },
          { hostHeader: { values: ["a.com"] } },
        ],
      },
      { listenerArn: [urn(LISTENER, "https")], actions: [urn(GROUP, "web")] },
    ),
    group!,
    resource(TABLE, "orders"),
    resource("aws:iam/rolePolicy:RolePolicy", "web", {}, { policy: [urn(TABLE, "orders")] }),
    resource(IMAGE, "web", { platforms: ["linux/arm64"] }),
    resource(LOGS, "web", { retentionInDays: 7 }),
    { ...task!, dependencies: [urn(IMAGE, "web"), urn(LOGS, "web")] },
    {
      ...service!,
      dependencies: [...service!.dependencies, urn("aws:iam/rolePolicy:RolePolicy", "web")],
      propertyDependencies: { ...service!.propertyDependencies, networkConfiguration: [urn(SUBNET, "b")] },
    },
  ];
}

const arrows = ({ nodes, edges }: Picture) => {
  const name = (id: string) => nodes.find((node) => node.id === id)?.title;
  return edges.map(({ from, to, label }) => `${name(from)} -> ${name(to)}${label && `: ${label}`}`).sort();
};

describe("the picture", () => {
  it("has one box for the load balancer of another stack, whatever services are behind it", () => {
    const behind = (name: string, path: string) => [
      ...serviceGraph(name).map((one) =>
        one.type === SERVICE
          ? {
              ...one,
              inputs: { ...one.inputs, loadBalancers: [{ containerPort: 8000 }] },
              propertyDependencies: { loadBalancers: [urn(GROUP, name)] },
            }
          : one,
      ),
      resource(RULE, name, { listenerArn: "arn:x", conditions: [{ pathPattern: { values: [path] } }] }, { actions: [urn(GROUP, name)] }),
    ];
    const picture = pictureOf([...behind("shop", "/*"), ...behind("api", "/api/*")]);
    assert.deepEqual(arrows(picture), ["load balancer -> api: /api/* to port 8000", "load balancer -> shop: /* to port 8000"]);
    assert.deepEqual(picture.nodes.find(({ title }) => title === "load balancer")?.detail, ["shared, of another stack"]);
  });

  it("leads services out by an instance in place of a NAT gateway, and shows no other network interface", () => {
    const card = (name: string, sourceDestCheck?: boolean) =>
      resource("aws:ec2/networkInterface:NetworkInterface", name, { ...(sourceDestCheck !== undefined && { sourceDestCheck }) });
    const picture = pictureOf([...serviceGraph("web"), card("net-nat", false), card("other"), card("third", true)]);
    assert.deepEqual(arrows(picture), ["net-nat -> Internet", "web -> net-nat"]);
    assert.deepEqual(picture.nodes.find(({ title }) => title === "net-nat")?.detail, ["NAT instance"]);
  });

  it("has a daemon with what it reads, apart from the services", () => {
    const definition = "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition";
    const picture = pictureOf([
      resource("aws:secretsmanager/secret:Secret", "key"),
      resource(LOGS, "agent", { retentionInDays: 7 }),
      {
        ...resource(definition, "agent"),
        dependencies: [urn("aws:secretsmanager/secret:Secret", "key"), urn(LOGS, "agent")],
      },
      resource("aws:ecs/daemon:Daemon", "agent", {}, { daemonTaskDefinitionArn: [urn(definition, "agent")] }),
    ]);
    assert.deepEqual(arrows(picture), ["agent -> key"]);
    assert.deepEqual(picture.nodes.find(({ title }) => title === "agent")?.detail, ["daemon", "once on each instance", "logs for 7 days"]);
  });

  it("shows a network load balancer with its protocol and port, and the port of each of several target groups", () => {
    const [task, group, service] = serviceGraph("web", {
      group: { port: 1883 },
      service: { loadBalancers: [{ containerPort: 8000 }, { containerPort: 1883 }] },
    });
    const page = resource(GROUP, "page", { port: 8000 });
    const graph = [
      resource(BALANCER, "fixed", { loadBalancerType: "network" }),
      resource(BALANCER, "public", {}),
      resource(
        LISTENER,
        "mqtt",
        { port: 8883, protocol: "TLS" },
        { loadBalancerArn: [urn(BALANCER, "fixed")], defaultActions: [urn(GROUP, "web")] },
      ),
      resource(
        LISTENER,
        "https",
        { port: 443, protocol: "HTTPS" },
        { loadBalancerArn: [urn(BALANCER, "public")], defaultActions: [urn(GROUP, "page")] },
      ),
      task!,
      group!,
      page,
      { ...service!, propertyDependencies: { ...service!.propertyDependencies, loadBalancers: [page.urn, urn(GROUP, "web")] } },
    ];
    const picture = pictureOf(graph);
    assert.deepEqual(arrows(picture), [
      "Internet -> fixed: TLS 8883",
      "Internet -> public: HTTPS 443",
      "fixed -> web: TLS 8883 to port 1883",
      "public -> web: /* to port 8000",
    ]);
    assert.deepEqual(
      picture.nodes.filter(({ title }) => ["fixed", "public"].includes(title)).map(({ detail }) => detail),
      [["network load balancer"], ["load balancer"]],
    );
  });

  it("leads from a load balancer to the one behind it", () => {
    const to = (type: string, name: string) => [urn(type, name)];
    const graph = [
      resource(BALANCER, "public", {}),
      resource(BALANCER, "fixed", { loadBalancerType: "network" }),
      resource(GROUP, "fixed", { targetType: "alb" }),
      resource(
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        "fixed",
        {},
        { targetGroupArn: to(GROUP, "fixed"), targetId: to(BALANCER, "public") },
      ),
      resource(
        LISTENER,
        "fixed",
        { port: 443, protocol: "TCP" },
        { loadBalancerArn: to(BALANCER, "fixed"), defaultActions: to(GROUP, "fixed") },
      ),
    ];
    assert.deepEqual(arrows(pictureOf(graph)), ["Internet -> fixed: TCP 443", "Internet -> public", "fixed -> public: TCP 443"]);
  });

  it("says of a load balancer that it is behind a web ACL", () => {
    const details = (...more: ReturnType<typeof resource>[]) =>
      pictureOf([resource(BALANCER, "public", {}), ...more]).nodes.find(({ title }) => title === "public")?.detail;
    const acl = resource("aws:wafv2/webAclAssociation:WebAclAssociation", "public-waf", {}, { resourceArn: [urn(BALANCER, "public")] });
    assert.deepEqual(details(acl), ["load balancer", "behind a web ACL (WAF)"]);
    assert.deepEqual(details(), ["load balancer"]);
  });

  it("shows what a request meets and what the tasks need", () => {
    assert.deepEqual(arrows(pictureOf(shop())), [
      "Internet -> public: HTTPS 443",
      "nat -> Internet",
      "public -> web: a.com/v1/* (x-preview: yes) to port 8000",
      "web -> nat",
      "web -> orders",
    ]);
    const { nodes, groups } = pictureOf(shop());
    const of = (id: string) => nodes.find((node) => node.id === id);
    assert.deepEqual(of(urn(SERVICE, "web"))?.detail, [
      "Fargate service",
      "3 tasks",
      "0.25 vCPU, 0.5 GB",
      "image linux/arm64",
      "logs for 7 days",
    ]);
    assert.equal(of(urn(IMAGE, "web")), undefined);
    assert.equal(of(urn(LOGS, "web")), undefined);
    assert.deepEqual(
      groups.map(({ title }) => title),
      ["VPC net 10.0.0.0/16", "public subnets in 1 zone", "private subnets in 1 zone"],
    );
  });

  const stores: [type: string, what: string][] = [
    ["aws:rds/instance:Instance", "database"],
    ["aws:rds/cluster:Cluster", "database"],
    ["aws:elasticache/cluster:Cluster", "cache"],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "cache"],
    ["aws:elasticache/serverlessCache:ServerlessCache", "cache"],
    [TABLE, "table"],
    ["aws:efs/fileSystem:FileSystem", "file system"],
    ["aws:s3/bucket:Bucket", "bucket"],
    ["aws:sqs/queue:Queue", "queue"],
    ["aws:sns/topic:Topic", "topic"],
    ["aws:secretsmanager/secret:Secret", "secret"],
    ["aws:ssm/parameter:Parameter", "parameter"],
  ];
  for (const [type, what] of stores) {
    it(`draws a ${what} (${type}) that a service uses`, () => {
      const [task, group, service] = serviceGraph("web");
      const picture = pictureOf([resource(type, "store"), group!, { ...task!, dependencies: [urn(type, "store")] }, service!]);
      assert.deepEqual(arrows(picture), ["web -> store"]);
      assert.deepEqual(
        picture.nodes.find(({ title }) => title === "store"),
        { id: urn(type, "store"), title: "store", detail: [what], kind: "data" },
      );
    });
  }

  it("keeps the internet away from an internal load balancer", () => {
    assert.deepEqual(
      arrows(pictureOf(shop(true))).filter((arrow) => arrow.startsWith("Internet")),
      [],
    );
  });

  it("is empty for a stack of which there is nothing to draw", () => {
    assert.deepEqual(pictureOf([resource("aws:iam/role:Role", "alone"), resource(VPC, "net")]), { nodes: [], edges: [], groups: [] });
  });
});

describe("the picture of services that call each other", () => {
  const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
  const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const service = (name: string, group = name) =>
    serviceGraph(name, {}).map((each) =>
      each.type === SERVICE
        ? { ...each, propertyDependencies: { ...each.propertyDependencies, networkConfiguration: [urn(SECURITY_GROUP, group)] } }
        : each,
    );
  const way = (name: string, from: string, to: string, fromPort: number) =>
    resource(
      INGRESS,
      name,
      { fromPort },
      { securityGroupId: [urn(SECURITY_GROUP, to)], referencedSecurityGroupId: [urn(SECURITY_GROUP, from)] },
    );
  const groups = ["web", "api", "other"].map((name) => resource(SECURITY_GROUP, name));

  it("has an arrow from each to those that admit it, with the port", () => {
    const graph = [...groups, ...service("web"), ...service("api"), way("a", "web", "api", 8000), way("b", "other", "web", 80)];
    assert.deepEqual(arrows(pictureOf(graph)), ["web -> api: port 8000"]);
  });

  it("has none from a service to itself", () => {
    assert.deepEqual(arrows(pictureOf([...groups, ...service("web"), way("a", "web", "web", 8000)])), []);
  });
});

describe("the picture of many services", () => {
  const node = (id: string, kind: PictureNode["kind"], detail: string[] = []): PictureNode => ({ id, title: id, detail, kind });
  /** So many services behind one load balancer: every third uses the queue, all go out through NAT. */
  const many = (count: number): Picture => {
    const services = Array.from({ length: count }, (_, index) =>
      node(`s${index}`, "compute", ["Fargate service", "2 tasks", "0.25 vCPU", "logs"]),
    );
    return {
      nodes: [node("public", "traffic"), node("nat", "traffic", ["NAT"]), node("jobs", "data"), ...services],
      edges: services.flatMap(({ id }, index) => [
        { from: "public", to: id, label: `/${id}/*` },
        { from: id, to: "nat", label: "" },
        ...(index % 3 === 0 ? [{ from: id, to: "jobs", label: "" }] : []),
      ]),
      groups: [],
    };
  };

  it("is left alone while they are few", () => assert.deepEqual(condense(many(4)), many(4)));

  it("is drawn with an arrow for each edge, and with the words of those that have some", () => {
    const { text } = svg(many(4), "four services");
    assert.equal(text.match(/class="edge"/g)?.length, 10);
    assert.deepEqual(
      [...text.matchAll(/class="label"[^>]*>([^<]*)</g)].map(([, label]) => label),
      ["/s0/*", "/s1/*", "/s2/*", "/s3/*"],
    );
  });

  it("leaves out the arrows to what all of them reach, and says so in its box", () => {
    const { nodes, edges } = condense(many(5));
    assert.equal(nodes.length, 8);
    assert.deepEqual(nodes.find(({ id }) => id === "nat")?.detail, ["NAT", "for the services"]);
    assert.deepEqual(
      edges.filter(({ to }) => to === "nat"),
      [],
    );
    assert.equal(edges.filter(({ to }) => to === "jobs").length, 2);
  });

  it("has one box for those with the same neighbors, with their names and the number of routes", () => {
    const { nodes, edges } = condense(many(50));
    const boxes = nodes.filter(({ kind }) => kind === "compute");
    assert.deepEqual(
      boxes.map(({ title, detail }) => [title, detail]),
      [
        ["17 Fargate services", ["s0, s3, s6", "s9, s12, s15", "s18, s21, s24", "s27, s30, s33 and 5 more"]],
        ["33 Fargate services", ["s1, s2, s4", "s5, s7, s8", "s10, s11, s13", "s14, s16, s17 and 21 more"]],
      ],
    );
    assert.deepEqual(edges, [
      { from: "public", to: "s0", label: "17 routes" },
      { from: "s0", to: "nat", label: "" },
      { from: "s0", to: "jobs", label: "" },
      { from: "public", to: "s1", label: "33 routes" },
      { from: "s1", to: "nat", label: "" },
    ]);
  });

  it("keeps apart what another load balancer reaches, what reaches instead of being reached, and what is no service", () => {
    const { nodes } = many(9);
    const edges = nodes
      .filter(({ kind }) => kind === "compute")
      .map(({ id }, index) => {
        if (index < 3) return { from: "public", to: id, label: "" };
        return index < 6 ? { from: "jobs", to: id, label: "" } : { from: id, to: "jobs", label: "" };
      });
    const changed = nodes.map((one) => (one.id === "s8" ? { ...one, detail: ["schedule", "2 tasks"] } : one));
    const boxes = condense({ nodes: changed, edges, groups: [] }).nodes.filter(({ kind }) => kind === "compute");
    assert.deepEqual(
      boxes.map(({ title, detail }) => [title, ...detail]),
      [
        ["3 Fargate services", "s0, s1, s2"],
        ["3 Fargate services", "s3, s4, s5"],
        ["2 Fargate services", "s6, s7"],
        ["s8", "schedule", "2 tasks"],
      ],
    );
  });

  it("keeps apart those in other subnets, and the name of one that stands alone", () => {
    const { nodes, edges, groups } = many(9);
    const apart = nodes.map((one) => (one.id === "s1" ? { ...one, group: "other" } : one));
    const boxes = condense({ nodes: apart, edges, groups }).nodes.filter(({ kind }) => kind === "compute");
    assert.deepEqual(
      boxes.map(({ title, detail }) => [title, ...detail]),
      [
        ["3 Fargate services", "s0, s3, s6"],
        ["s1", "Fargate service", "2 tasks"],
        ["5 Fargate services", "s2, s4, s5", "s7, s8"],
      ],
    );
  });
});

describe("its Mermaid text", () => {
  // What is written of Mermaid's grammar, line by line. Inside quotes nothing may stand that Mermaid reads as its own, but line breaks.
  const TEXT = '(?:[^"<>#&;`\\\\|\\p{Cc}\\p{Zl}\\p{Zp}]|<br/>)*';
  const LINES = [
    /^flowchart LR$/,
    new RegExp(`^ +subgraph n\\d+\\["${TEXT}"\\]$`, "u"),
    /^ +end$/,
    new RegExp(`^ +n\\d+(?:\\["${TEXT}"\\]|\\(\\["${TEXT}"\\]\\)|\\{\\{"${TEXT}"\\}\\}|\\[\\("${TEXT}"\\)\\])$`, "u"),
    new RegExp(`^ +n\\d+ -->(?:\\|"${TEXT}"\\|)? n\\d+$`, "u"),
  ];
  const check = (picture: Picture) => {
    const lines = mermaid(picture).trimEnd().split("\n");
    for (const line of lines)
      assert.ok(
        LINES.some((form) => form.test(line)),
        line,
      );
    assert.equal(lines.filter((line) => line.includes("subgraph")).length, lines.filter((line) => line.trim() === "end").length);
    return lines;
  };

  it("is Mermaid, with groups as subgraphs", () => {
    const lines = check(pictureOf(shop()));
    assert.equal(lines[1], '  subgraph n0["VPC net 10.0.0.0/16"]');
    assert.ok(lines.includes('  n6 -->|"HTTPS 443"| n5'), lines.join("\n"));
  });

  it("stays Mermaid whatever the names are", () => {
    const node = fc.record({
      title: fc.string({ unit: "binary" }),
      detail: fc.array(fc.string()),
      kind: fc.constantFrom<PictureNode["kind"]>("outside", "traffic", "compute", "data"),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 1 }), fc.string(), (nodes, label) => {
        const named = nodes.map((one, index) => ({ ...one, id: `id ${index}` }));
        check({ nodes: named, groups: [], edges: [{ from: "id 0", to: "id 0", label }] });
      }),
    );
  });
});

describe("its layout", () => {
  it("overlaps no boxes, keeps them in their groups and all in the picture", () => {
    const { width, height, nodes, groups } = layOut(pictureOf(shop()));
    const apart = (a: (typeof nodes)[0]["box"], b: typeof a) =>
      a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    for (const [index, one] of nodes.entries()) {
      for (const other of nodes.slice(index + 1)) assert.ok(apart(one.box, other.box), `${one.title} and ${other.title}`);
      const group = groups.find(({ id }) => id === one.group);
      for (const frame of [{ x: 0, y: 0, width, height }, ...(group ? [group.box] : [])]) {
        assert.ok(
          one.box.x >= frame.x &&
            one.box.y >= frame.y &&
            one.box.x + one.box.width <= frame.x + frame.width &&
            one.box.y + one.box.height <= frame.y + frame.height,
          one.title,
        );
      }
    }
  });

  it("leads an arrow around the box that its curve would cross, and straight where there is none", () => {
    const chain = ["a", "b", "c"].map(
      (id): PictureNode => ({ id, title: id, detail: ["wide and high", "as a box", "can be"], kind: "compute" }),
    );
    const edge = (from: string, to: string) => ({ from, to, label: "" });
    const { nodes, edges } = layOut({ nodes: chain, edges: [edge("a", "b"), edge("b", "c"), edge("a", "c")], groups: [] });
    assert.deepEqual(
      edges.map(({ points }) => points.length > 2),
      [false, false, true],
    );
    const { box } = nodes.find(({ id }) => id === "b")!;
    for (const { x, y } of edges[2]!.points)
      assert.ok(x < box.x || x > box.x + box.width || y < box.y || y > box.y + box.height, `${x}, ${y} is in the box`);
  });
});

describe("HTML from templates", () => {
  it("escapes every text that is put into it, and nothing that is HTML already", () => {
    const bad = `<script>"&'`;
    assert.equal(
      html`<p title="${bad}">${[html`<b>${bad}</b>`, 1, undefined]}</p>`.text,
      `<p title="&lt;script&gt;&quot;&amp;&#39;"><b>&lt;script&gt;&quot;&amp;&#39;</b>1</p>`,
    );
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(html`${text}`.text)));
    assert.ok(html`` instanceof Html);
  });
});

describe("the picture of what an update changes", () => {
  const brief = (type: string, name: string) => ({ urn: urn(type, name), type, name });
  const nothing: Parameters<typeof pictureOfChanges>[0] = { added: [], changed: [], services: [] };
  const change = (type: string, name: string, effect: ResourceChange["effect"]): ResourceChange => ({
    ...brief(type, name),
    effect,
    properties: [],
    replacedBy: [],
    stateful: false,
  });
  const boxes = (text: string | undefined) => [...(text ?? "").matchAll(/^ +(n\d+)[[({]+"(\w+)/gm)].map(([, id, title]) => [id, title]);
  const marked = (text: string | undefined) => {
    const names = new Map(boxes(text).map(([id, title]) => [id, title]));
    return Object.fromEntries(
      [...(text ?? "").matchAll(/^ {2}class (\S+) (\w+)$/gm)].map(([, ids, mark]) => [mark, ids!.split(",").map((id) => names.get(id))]),
    );
  };

  it("marks what is new, changed and replaced, and shows what is next to it and nothing else", () => {
    const text = pictureOfChanges({ ...nothing, changed: [change(BALANCER, "public", "replaced")] }, shop());
    assert.deepEqual(marked(text), { replaced: ["public"] });
    assert.deepEqual(
      boxes(text)
        .map(([, title]) => title)
        .sort(),
      ["Internet", "public", "web"],
    );
    assert.match(text!, /^ {2}classDef replaced stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 3$/m);
    assert.match(text!, /subgraph n\d+\["VPC net 10\.0\.0\.0\/16"\]/);
    const two = pictureOfChanges(
      { ...nothing, added: [brief(TABLE, "orders")], services: [{ service: urn(SERVICE, "web"), effect: "rolls" }] },
      shop(),
    );
    assert.deepEqual(marked(two), { added: ["orders"], changed: ["web"] });
  });

  it("is none where nothing changes that is drawn", () => {
    const stays = { service: urn(SERVICE, "web"), effect: "stays" } as const;
    assert.equal(pictureOfChanges({ ...nothing, services: [stays], added: [brief("aws:iam/role:Role", "x")] }, shop()), undefined);
  });
});
