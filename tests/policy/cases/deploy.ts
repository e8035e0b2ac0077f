import { arn, id, make, type Node } from "../graphs";
import type { World } from "../world";
import { add, type Cases, drop, set } from "./case";

const rule = (w: World, name: string, priority: number) =>
  make("aws:lb/listenerRule:ListenerRule", name, {
    listenerArn: arn(w.https),
    priority,
    actions: [{ type: "forward", targetGroupArn: arn(w.targetGroup) }],
  });
const listenerCertificate = (w: World, n: number) =>
  make("aws:lb/listenerCertificate:ListenerCertificate", `names-${n}`, {
    listenerArn: arn(w.https),
    certificateArn: `arn:aws:acm:eu-west-1:111122223333:certificate/${n}`,
  });
const asking = (w: World, name: string, priority: number, path: string) => {
  const made = rule(w, name, priority);
  set(made, { conditions: [{ pathPattern: { values: [path] } }] });
  return made;
};
const forHost = (w: World, ...values: string[]) => {
  const made = rule(w, "hosted", 7);
  set(made, { conditions: [{ hostHeader: { values } }] });
  return made;
};
const away = (made: Node) => {
  set(made, { listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2" });
  return made;
};
const many = <T>(count: number, of: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => of(index));
const network = (w: World) => w.service.inputs.networkConfiguration as Record<string, unknown>;
const fill = (w: World, cidrBlock: string) => {
  for (const subnet of [w.privateA, w.privateB]) set(subnet, { cidrBlock });
};
const bridge = (w: World, ingress: Record<string, unknown>) => {
  set(w.hostTask, { networkMode: "bridge" });
  w.hostApp.portMappings = [{ containerPort: 8000 }];
  set(w.hostService, { loadBalancers: [{ targetGroupArn: arn(w.targetGroup), containerName: "batch", containerPort: 8000 }] });
  set(w.hostGroup, { ingress: [{ protocol: "tcp", securityGroups: [id(w.lbGroup)], ...ingress }] });
};
const eips = (count: number): Node[] => many(count, (n) => make("aws:ec2/eip:Eip", `extra-${n}`));
const registry = (w: World, service: string) =>
  make("aws:ec2/vpcEndpoint:VpcEndpoint", service, { vpcId: id(w.vpc), serviceName: `com.amazonaws.eu-west-1.${service}` });
const cutOff = (w: World) => drop(w, "routeA", "routeB", "endpoint");

/** A second service that the first calls by its name, on a port of its own. */
const calls = (w: World, value = "http://jobs/x") => {
  const connection = { enabled: true, namespace: "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1" };
  set(w.service, { serviceConnectConfiguration: connection });
  set(w.hostService, {
    serviceConnectConfiguration: { ...connection, services: [{ portName: "http", clientAlias: [{ dnsName: "jobs", port: 80 }] }] },
  });
  w.hostApp.portMappings = [{ name: "http", containerPort: 9000, hostPort: 9000 }];
  w.app.environment = [{ name: "JOBS_URL", value }];
};
const admitted = (w: World, port = 9000) =>
  add(
    w,
    make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "jobs", {
      securityGroupId: id(w.taskGroup),
      referencedSecurityGroupId: id(w.taskGroup),
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: "Calls",
    }),
  );

/** The rules about what AWS refuses in the middle of an update, what never starts, and what waits for room. */
export const deployCases: Cases = {
  "plan-rule-priority": {
    breaks: {
      twice: [
        (w) => add(w, rule(w, "a", 10), rule(w, "b", 20), rule(w, "c", 10)),
        "listener https has priority 10 already, for rule a; set priority to 11",
      ],
    },
    keeps: { "each its own": (w) => add(w, rule(w, "a", 10), rule(w, "b", 20)) },
  },
  "plan-rule-reached": {
    breaks: {
      "behind a wider one": [
        (w) => add(w, asking(w, "wide", 100, "/api/*"), asking(w, "narrow", 200, "/api/v1/*")),
        "no request reaches it: rule wide has priority 100 and takes all of its requests; set its priority to 96",
      ],
      "without a number left": [
        (w) => add(w, asking(w, "wide", 2, "/api/*"), asking(w, "narrow", 9, "/api/v1/*")),
        "no request reaches it: rule wide has priority 2 and takes all of its requests; give it other conditions",
      ],
      "on a listener of another stack": [
        (w) => add(w, away(asking(w, "wide", 100, "/api/*")), away(asking(w, "narrow", 200, "/api/v1/*"))),
        "no request reaches it: rule wide has priority 100 and takes all of its requests; set its priority to 96",
      ],
    },
    keeps: {
      "specific first": (w) => add(w, asking(w, "narrow", 100, "/api/v1/*"), asking(w, "wide", 200, "/api/*")),
      "on another listener": (w) => add(w, away(asking(w, "wide", 100, "/api/*")), asking(w, "narrow", 200, "/api/v1/*")),
      "behind a page for maintenance": (w) => {
        const page = asking(w, "page", 100, "/api/*");
        set(page, { actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/html", statusCode: "503" } }] });
        add(w, page, asking(w, "web", 102, "/api/*"));
      },
    },
  },
  "plan-target-group-reached": {
    inPreview: {},
    breaks: {
      "no rule": [
        (w) => {
          w.service.dependsOn.length = 0;
          drop(w, "listenerRule");
        },
        "no listener sends requests to target group web; forward to it",
      ],
    },
    keeps: {
      "by the listener itself": (w) => {
        w.service.dependsOn.length = 0;
        drop(w, "listenerRule");
        set(w.https, { defaultActions: [{ type: "forward", targetGroupArn: arn(w.targetGroup) }] });
      },
    },
  },
  "plan-blue-green-parts": {
    breaks: {
      "two of three": [
        (w) =>
          set(w.service, {
            deploymentConfiguration: { strategy: "CANARY" },
            loadBalancers: [{ targetGroupArn: arn(w.targetGroup), advancedConfiguration: { roleArn: "r" } }],
          }),
        "a CANARY deployment lacks alternateTargetGroupArn, productionListenerRule; set them",
      ],
    },
    keeps: {
      "all three": (w) =>
        set(w.service, {
          deploymentConfiguration: { strategy: "BLUE_GREEN" },
          loadBalancers: [{ advancedConfiguration: { alternateTargetGroupArn: "a", productionListenerRule: "p", roleArn: "r" } }],
        }),
    },
    ignores: { rolling: (w) => set(w.service, { deploymentConfiguration: { strategy: "ROLLING" } }) },
  },
  "plan-load-balancer-quotas": {
    breaks: {
      rules: [
        (w) => add(w, ...many(100, (n) => rule(w, `r${n}`, n + 1))),
        "101 rules on one load balancer exceed AWS's default quota of 100; use a second load balancer",
      ],
      listeners: [
        (w) =>
          add(
            w,
            ...many(49, (n) =>
              make("aws:lb/listener:Listener", `l${n}`, {
                loadBalancerArn: arn(w.lb),
                port: 9000 + n,
                defaultActions: [{ type: "fixed-response" }],
              }),
            ),
          ),
        "51 listeners of one load balancer exceed AWS's default quota of 50; use a second load balancer",
      ],
      "target groups": [
        (w) => {
          set(w.listenerRule, { actions: many(101, (n) => ({ targetGroupArn: arn(make("aws:lb/targetGroup:TargetGroup", `g${n}`)) })) });
        },
        "101 target groups behind one load balancer exceed AWS's default quota of 100",
      ],
      certificates: [
        (w) => add(w, ...many(26, (n) => listenerCertificate(w, n))),
        "26 certificates beside the default one exceed AWS's default quota of 25; use one with several names, or a second load balancer",
      ],
      "outbound rules": [
        (w) =>
          add(
            w,
            ...many(61, (n) =>
              make("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", `to-${n}`, {
                securityGroupId: id(w.lbGroup),
                ipProtocol: "tcp",
                fromPort: 8000 + n,
                toPort: 8000 + n,
                cidrIpv4: "10.0.0.0/16",
              }),
            ),
          ),
        "outbound rules in the security group",
      ],
      tasks: [(w) => set(w.scalingTarget, { maxCapacity: 501 }), "1002 targets during a rollout (twice the tasks) exceed"],
    },
    keeps: {
      "as many as there may be": (w) => {
        add(w, ...many(99, (n) => rule(w, `r${n}`, n + 1)), ...many(25, (n) => listenerCertificate(w, n)));
        set(w.scalingTarget, { maxCapacity: 500 });
      },
    },
  },
  "plan-way-to-registry": {
    breaks: {
      "no NAT, no endpoint": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
        },
        "tasks in private-a cannot pull their image: the subnet has no route to the internet, and the VPC has no endpoint for ecr.api and ecr.dkr",
      ],
      "one endpoint of two": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          add(w, registry(w, "ecr.api"));
        },
        "the VPC has no endpoint for ecr.dkr",
      ],
    },
    keeps: {
      "both endpoints": (w) => {
        cutOff(w);
        add(w, registry(w, "ecr.api"), registry(w, "ecr.dkr"));
      },
      "another way out": (w) => {
        cutOff(w);
        set(w.tableA, { routes: [{ cidrBlock: "0.0.0.0/0", transitGatewayId: "tgw-1" }] });
        Object.assign(network(w), { subnets: [id(w.privateA)] });
        drop(w, "hostService", "batchPolicy");
      },
    },
  },
  "plan-way-to-services": {
    inPreview: "undecided",
    breaks: {
      "no NAT, no endpoint": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
        },
        "tasks in private-a cannot write their logs: the subnet has no route to the internet, and the VPC has no endpoint for logs",
        "tasks in private-a cannot read their secrets: the subnet has no route to the internet, and the VPC has no endpoint for secretsmanager",
        "and the VPC has no endpoint for ssm; add",
      ],
      "a token of a log driver": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          add(w, registry(w, "logs"), registry(w, "secretsmanager"));
          w.app.secrets = [];
          w.app.logConfiguration = {
            logDriver: "splunk",
            secretOptions: [{ name: "splunk-token", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/splunk" }],
          };
        },
        "cannot read their secrets: the subnet has no route to the internet, and the VPC has no endpoint for ssm; add",
      ],
      "a router's destinations": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          add(w, registry(w, "ssm"));
          w.app.secrets = [];
          w.app.logConfiguration = { logDriver: "awsfirelens", options: { Name: "kinesis_firehose", delivery_stream: "team" } };
        },
        "cannot send their logs: the subnet has no route to the internet, and the VPC has no endpoint for kinesis-firehose; add",
      ],
      "a collector's traces": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          add(w, registry(w, "logs"));
          w.app.secrets = [];
          w.app.environment = [{ name: "AOT_CONFIG_CONTENT", value: '{"exporters":{"awsxray":{}}}' }];
        },
        "cannot send their traces: the subnet has no route to the internet, and the VPC has no endpoint for xray; add",
      ],
      "an agent's metrics": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          add(w, registry(w, "logs"), registry(w, "xray"));
          w.app.secrets = [];
          w.app.environment = [{ name: "CW_CONFIG_CONTENT", value: '{"traces":{"traces_collected":{}},"metrics":{}}' }];
        },
        "cannot send their metrics: the subnet has no route to the internet, and the VPC has no endpoint for monitoring; add",
      ],
      "a router's destination outside": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          w.app.secrets = [];
          w.app.logConfiguration = { logDriver: "awsfirelens", options: { Name: "datadog", Host: "http-intake.logs.datadoghq.com" } };
        },
        "tasks in private-a cannot send their logs to http-intake.logs.datadoghq.com: the subnet has no route to the internet; add a NAT gateway",
      ],
      "a parameter, and sessions": [
        (w) => {
          cutOff(w);
          drop(w, "hostService", "batchPolicy");
          add(w, registry(w, "logs"));
          set(w.service, { enableExecuteCommand: true });
          w.app.secrets = [{ name: "DB", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/db" }];
        },
        "the VPC has no endpoint for ssm; add",
        "cannot open sessions of ECS Exec: the subnet has no route to the internet, and the VPC has no endpoint for ssmmessages",
      ],
    },
    keeps: {
      "the endpoints": (w) => {
        cutOff(w);
        add(w, registry(w, "logs"), registry(w, "secretsmanager"), registry(w, "ssm"));
      },
    },
  },
  "plan-public-address": {
    breaks: {
      "public subnets alone": [
        (w) => Object.assign(network(w), { subnets: [id(w.publicA), id(w.publicB)] }),
        "tasks in public-a cannot pull their image: the subnet routes to an internet gateway, and the tasks have no public IP address",
      ],
    },
    keeps: {
      "with an address": (w) => Object.assign(network(w), { subnets: [id(w.publicA)], assignPublicIp: true }),
    },
    ignores: { "instances alone": (w) => drop(w, "service", "scalingTarget", "scalingPolicy") },
  },
  "plan-subnet-room": {
    breaks: {
      "fewer addresses than tasks": [
        (w) => {
          fill(w, "10.0.0.0/28");
          set(w.scalingTarget, { maxCapacity: 12 });
        },
        "a rollout at full scale runs 24 tasks, and the subnets have 22 addresses; use larger subnets, or fewer tasks",
      ],
    },
    keeps: {
      "as many": (w) => {
        fill(w, "10.0.0.0/28");
        set(w.scalingTarget, { maxCapacity: 11 });
      },
    },
  },
  "plan-elastic-addresses": {
    breaks: { "more than five": [(w) => add(w, ...eips(4)), "the stack takes 6 Elastic IPs, and AWS grants 5 in a region by default"] },
    keeps: { five: (w) => add(w, ...eips(3)) },
  },
  "plan-rollout-possible": {
    breaks: {
      "no room": [
        (w) => set(w.service, { deploymentMaximumPercent: 100 }),
        "with 2 tasks and 100 to 100 percent a deployment can neither add a task nor stop one",
      ],
      "room for less than a task": [(w) => set(w.service, { deploymentMaximumPercent: 149 }), "with 2 tasks and 100 to 149 percent"],
      "none while the fewest tasks run": [
        (w) => {
          set(w.service, { desiredCount: 8, deploymentMaximumPercent: 140 });
        },
        "with 2 tasks and 100 to 140 percent",
      ],
      "a daemon that may not stop": [
        (w) => set(w.service, { schedulingStrategy: "DAEMON", deploymentMinimumHealthyPercent: 100 }),
        "100 to 100 percent",
      ],
    },
    keeps: {
      "room for one": (w) => set(w.service, { deploymentMaximumPercent: 150 }),
      "one may be missing": (w) => set(w.service, { deploymentMinimumHealthyPercent: 50, deploymentMaximumPercent: 100 }),
      "a daemon": (w) => set(w.service, { schedulingStrategy: "DAEMON" }),
    },
    ignores: {
      "blue/green": (w) => {
        for (const s of [w.service, w.hostService])
          set(s, { deploymentConfiguration: { strategy: "BLUE_GREEN" }, deploymentMaximumPercent: 100 });
      },
    },
  },
  "plan-task-fits-instance": {
    breaks: {
      memory: [
        (w) => set(w.hostTask, { memory: "8192" }),
        "a task takes 256 CPU units and 8192 MiB, and an instance of type t4g.medium has 2048 and 4096, of which the system keeps some",
      ],
    },
    inPreview: {},
    keeps: {
      "as large as it gets": (w) => set(w.hostTask, { memory: "3072" }),
      "a type that is not known": (w) => {
        set(w.template, { instanceType: "z9.large" });
        set(w.hostTask, { memory: "819200" });
      },
    },
    ignores: { "Fargate alone": (w) => drop(w, "hostService", "batchPolicy") },
  },
  "plan-instances-for-rollout": {
    breaks: {
      "too few": [
        (w) => set(w.asg, { maxSize: 9 }),
        "a rollout of batch at full scale runs 20 tasks on 10 t4g.medium instances, and the group stops at 9; set maxSize to 10 or more",
      ],
    },
    keeps: { "just enough": (w) => set(w.asg, { maxSize: 10 }) },
    ignores: { "Fargate alone": (w) => drop(w, "hostService", "batchPolicy") },
  },
  "plan-bridge-ports": {
    inPreview: "undecided",
    breaks: {
      "another port": [
        (w) => bridge(w, { fromPort: 80, toPort: 80 }),
        "a task in bridge mode answers on a port from 32768 to 65535, and the instances' security group hosts does not admit the load balancer there",
      ],
      "a part of them": [(w) => bridge(w, { fromPort: 32768, toPort: 60000 }), "does not admit the load balancer there"],
    },
    keeps: {
      "all of them": (w) => bridge(w, { fromPort: 32768, toPort: 65535 }),
      "a port of the instance's own": (w) => {
        bridge(w, { fromPort: 80, toPort: 80 });
        w.hostApp.portMappings = [{ containerPort: 8000, hostPort: 80 }];
      },
    },
    ignores: { "awsvpc alone": () => undefined },
  },
  "plan-container-port": {
    inPreview: "undecided",
    breaks: {
      "another container": [
        (w) => (w.app.name = "app"),
        'the load balancer sends requests to container "web", which web does not have; name one that it has',
      ],
      "another port": [
        (w) => (w.app.portMappings = [{ containerPort: 9000 }]),
        'the load balancer sends requests to port 8000 of container "web", which has no such port mapping',
      ],
      "no port": [(w) => delete w.app.portMappings, 'port 8000 of container "web", which has no such port mapping'],
    },
    keeps: { "one of two ports": (w) => (w.app.portMappings = [{ containerPort: 9000 }, { containerPort: 8000 }]) },
    ignores: { "no load balancer": (w) => set(w.service, { loadBalancers: undefined }) },
  },
  "plan-connect-parts": {
    inPreview: { "no such port": [], "two ports": [] },
    breaks: {
      "no namespace": [
        (w) => set(w.service, { serviceConnectConfiguration: { enabled: true } }),
        "Service Connect is on, and neither the service nor its cluster names a namespace; name one",
      ],
      "no such port": [
        (w) => {
          calls(w);
          w.hostApp.portMappings = [{ containerPort: 9000 }];
        },
        'no port of its task definition has the name "http", which Service Connect uses; give one port mapping that name',
      ],
      "two ports": [
        (w) => {
          calls(w);
          w.hostApp.portMappings = [
            { name: "http", containerPort: 9000 },
            { name: "http", containerPort: 9001 },
          ];
        },
        '2 ports of its task definition have the name "http"',
      ],
    },
    keeps: {
      all: (w) => calls(w),
      off: (w) => set(w.service, { serviceConnectConfiguration: { enabled: false } }),
      "the cluster's namespace": (w) => {
        set(w.cluster, { serviceConnectDefaults: { namespace: "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1" } });
        set(w.service, { serviceConnectConfiguration: { enabled: true } });
      },
    },
  },
  "plan-way-to-names": {
    inPreview: "undecided",
    breaks: {
      "no rule": [
        (w) => calls(w),
        "JOBS_URL names batch, and none of its security groups (tasks) admits this service on port 9000; let it call that service",
      ],
      "a rule for another port": [
        (w) => {
          calls(w, "jobs:80");
          admitted(w, 9001);
        },
        "admits this service on port 9000",
      ],
      "no proxy": [
        (w) => {
          calls(w);
          admitted(w);
          set(w.service, { serviceConnectConfiguration: undefined });
        },
        "JOBS_URL names batch by its name in a namespace that this service is not in; let it call that service",
      ],
      "the port of the proxy": [
        (w) => {
          calls(w);
          admitted(w);
          const { services } = w.hostService.inputs.serviceConnectConfiguration as { services: Record<string, unknown>[] };
          services[0]!.ingressPortOverride = 15443;
        },
        "admits this service on port 15443",
      ],
    },
    keeps: {
      "a rule": (w) => {
        calls(w);
        admitted(w);
      },
      "another host": (w) => calls(w, "http://jobs.example.com"),
      "another port": (w) => calls(w, "http://jobs:8080"),
      "a word": (w) => calls(w, "jobs"),
      "bridge mode": (w) => {
        calls(w);
        w.hostApp.portMappings = [{ name: "http", containerPort: 9000, hostPort: 0 }];
      },
    },
  },
  "plan-health-check-port": {
    breaks: {
      "another port": [
        (w) => set(w.targetGroup, { healthCheck: { path: "/health", port: "9000" } }),
        "health checks go to port 9000, on which no security group of web (tasks) admits anybody",
      ],
    },
    keeps: {
      "the port of the traffic, by number": (w) => set(w.targetGroup, { healthCheck: { path: "/health", port: "8000" } }),
      "another, with its rule": (w) => {
        set(w.targetGroup, { healthCheck: { path: "/health", port: "9000" } });
        set(w.taskIngress, { fromPort: 8000, toPort: 9000 });
      },
    },
    ignores: { "the port of the traffic": (w) => set(w.targetGroup, { healthCheck: { path: "/health", port: "traffic-port" } }) },
  },
  "plan-grpc-listener": {
    breaks: {
      "behind HTTP": [
        (w) => {
          set(w.targetGroup, { protocolVersion: "GRPC", healthCheck: { matcher: "0" } });
          set(w.https, { protocol: "HTTP" });
        },
        "it speaks gRPC, and listener https sends it requests that come by HTTP; send it those of an HTTPS listener",
      ],
      "HTTP/2 behind HTTP": [
        (w) => {
          set(w.targetGroup, { protocolVersion: "HTTP2" });
          set(w.https, { protocol: "HTTP" });
        },
        "it speaks HTTP/2, and listener https sends it requests that come by HTTP; send it those of an HTTPS listener",
      ],
    },
    keeps: { "behind HTTPS": (w) => set(w.targetGroup, { protocolVersion: "GRPC", healthCheck: { matcher: "0-99" } }) },
    ignores: { HTTP: () => undefined },
  },
  "plan-certificate-names": {
    breaks: {
      "three names, one record": [
        (w) => {
          set(w.certificate, { subjectAlternativeNames: ["www.shop.example", "api.shop.example"] });
          set(w.validation, { validationRecordFqdns: ["_a.shop.example"] });
        },
        "web has 3 names to validate, and this waits for 1 validation record; create a record for each name",
      ],
    },
    keeps: {
      "a record for each": (w) => {
        set(w.certificate, { subjectAlternativeNames: ["www.shop.example"] });
        set(w.validation, { validationRecordFqdns: ["_a.shop.example", "_b.www.shop.example"] });
      },
      "a wildcard, which needs none of its own": (w) => {
        set(w.certificate, { subjectAlternativeNames: ["*.shop.example"] });
        set(w.validation, { validationRecordFqdns: ["_a.shop.example"] });
      },
      "records that somebody else makes": (w) => set(w.certificate, { subjectAlternativeNames: ["www.shop.example"] }),
    },
  },
  "plan-route-certificate": {
    breaks: {
      "a host of no certificate": [
        (w) => add(w, forHost(w, "admin.shop.example")),
        "hosted takes requests for admin.shop.example, which no certificate of https names (shop.example); add the name to the domains",
      ],
      "two labels below a wildcard": [
        (w) => {
          set(w.certificate, { subjectAlternativeNames: ["*.shop.example"] });
          add(w, forHost(w, "a.b.shop.example"));
        },
        "hosted takes requests for a.b.shop.example, which no certificate of https names (shop.example, *.shop.example)",
      ],
    },
    keeps: {
      "the certificate's own": (w) => add(w, forHost(w, "shop.example")),
      "one below its wildcard, and the wildcard": (w) => {
        set(w.certificate, { subjectAlternativeNames: ["*.shop.example"] });
        add(w, forHost(w, "admin.shop.example", "*.shop.example"));
      },
      "a pattern that no certificate could name": (w) => add(w, forHost(w, "a?.example.org")),
      "beside a certificate that the graph does not have": (w) => add(w, listenerCertificate(w, 1), forHost(w, "admin.example.org")),
    },
    ignores: { HTTP: (w) => set(w.https, { protocol: "HTTP" }) },
  },
  "plan-service-starts": {
    breaks: {
      "a fixed number of 0": [
        (w) => {
          drop(w, "scalingTarget", "scalingPolicy");
          set(w.service, { desiredCount: 0 });
        },
        "desiredCount is 0, and nothing raises it: no task ever starts; set it to 1 or more",
      ],
      "a range that follows what tasks do": [
        (w) => {
          set(w.scalingTarget, { minCapacity: 0 });
          set(w.scalingPolicy, {
            targetTrackingScalingPolicyConfiguration: {
              targetValue: 70,
              predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
            },
          });
        },
        "the number of its tasks may be 0 (minCapacity), and nothing raises it from there; set minCapacity to 1 or more",
      ],
      "a range of 0": [
        (w) => {
          set(w.scalingTarget, { minCapacity: 0, maxCapacity: 0 });
          drop(w, "scalingPolicy");
        },
        "the number of its tasks may be 0 (minCapacity)",
      ],
      "a schedule that wakes nobody": [
        (w) => {
          set(w.scalingTarget, { minCapacity: 0 });
          drop(w, "scalingPolicy");
          add(
            w,
            make("aws:appautoscaling/scheduledAction:ScheduledAction", "stop", {
              resourceId: id(w.scalingTarget),
              schedule: "rate(1 day)",
              scalableTargetAction: { minCapacity: 0, maxCapacity: 0 },
            }),
          );
        },
        "the number of its tasks may be 0 (minCapacity)",
      ],
    },
    keeps: {
      "one task at least": (w) => {
        set(w.scalingTarget, { minCapacity: 1 });
        set(w.scalingPolicy, { targetTrackingScalingPolicyConfiguration: { targetValue: 70, predefinedMetricSpecification: {} } });
      },
      "a policy on the length of a queue": (w) => {
        set(w.scalingTarget, { minCapacity: 0 });
        set(w.scalingPolicy, { policyType: "StepScaling" });
      },
      "a schedule that wakes it": (w) => {
        set(w.scalingTarget, { minCapacity: 0 });
        drop(w, "scalingPolicy");
        add(
          w,
          make("aws:appautoscaling/scheduledAction:ScheduledAction", "start", {
            resourceId: id(w.scalingTarget),
            schedule: "rate(1 day)",
            scalableTargetAction: { minCapacity: 1 },
          }),
        );
      },
    },
    ignores: {
      daemons: (w) => {
        for (const s of [w.service, w.hostService]) set(s, { schedulingStrategy: "DAEMON", desiredCount: undefined });
      },
    },
  },
  "plan-name-length": {
    breaks: {
      "with what Pulumi adds": [
        (w) => add(w, make("aws:lb/targetGroup:TargetGroup", "a-service-with-a-long-name")),
        'the name "a-service-with-a-long-name" with the 8 characters that Pulumi adds has 34 characters, and AWS takes 32 for lb.TargetGroup; use at most 24',
      ],
    },
    keeps: {
      "as long as they may be": (w) => add(w, make("aws:lb/targetGroup:TargetGroup", "x".repeat(24))),
      "a name of the program's own": (w) => add(w, make("aws:lb/targetGroup:TargetGroup", "x".repeat(90), { name: "short" })),
      "a prefix": (w) => add(w, make("aws:iam/role:Role", "x".repeat(90), { namePrefix: "short-" })),
    },
  },
};

/** The rules about money. */
export const costCases: Cases = {
  "plan-budget": {
    breaks: {
      "over it": [
        (w) => {
          w.recording.budget = 30;
        },
        "the monthly idle cost is 38.15 USD, 8.15 over the budget of 30.00; raise the budget",
      ],
    },
    keeps: {
      "just within it": (w) => {
        w.recording.budget = 38.15;
      },
    },
    ignores: {
      "no budget": (w) => {
        delete w.recording.budget;
      },
    },
  },
};
