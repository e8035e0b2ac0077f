import { arn, id, make, nameOf } from "../graphs";
import { add, type Cases, drop, set } from "./case";

const zone = "attribute:ecs.availability-zone";
const exec = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map((a) => `ssmmessages:${a}`);

/** The rules about services and clusters. */
export const serviceCases: Cases = {
  "ecs-service-no-public-ip": {
    breaks: {
      public: [(w) => Object.assign(w.service.inputs.networkConfiguration!, { assignPublicIp: true }), "assignPublicIp is true"],
      "a task set": [
        (w) => add(w, make("aws:ecs/taskSet:TaskSet", "blue", { networkConfiguration: { assignPublicIp: true, subnets: [] } })),
        "assignPublicIp is true",
      ],
    },
    keeps: { "not said": (w) => Object.assign(w.service.inputs.networkConfiguration!, { assignPublicIp: undefined }) },
    ignores: { "no service": (w) => drop(w, "service", "hostService", "scalingTarget", "scalingPolicy", "batchPolicy") },
  },
  "ecs-service-private-subnets": {
    breaks: {
      "public subnets": [
        (w) => Object.assign(w.service.inputs.networkConfiguration!, { subnets: [id(w.publicA), id(w.publicB)] }),
        "tasks run in public-a, public-b, with a route to an internet gateway",
      ],
      "a private subnet that is none": [
        (w) => set(w.routeA, { natGatewayId: undefined, gatewayId: "igw-0123" }),
        "tasks run in private-a",
        "tasks run in private-a",
      ],
      "a route in the route table": [
        (w) => set(w.tableA, { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0123" }] }),
        "tasks run in private-a",
        "tasks run in private-a",
      ],
    },
    ignores: {
      "bridge mode": (w) => {
        set(w.service, { networkConfiguration: undefined });
        set(w.hostService, { networkConfiguration: undefined });
      },
    },
  },
  "ecs-service-platform-version": {
    breaks: { old: [(w) => set(w.service, { platformVersion: "1.3.0" }), 'platformVersion is "1.3.0"'] },
    keeps: { LATEST: (w) => set(w.service, { platformVersion: "LATEST" }), "1.4.0": (w) => set(w.service, { platformVersion: "1.4.0" }) },
    ignores: { "EC2 only": (w) => set(w.service, { capacityProviderStrategies: undefined, launchType: "EC2" }) },
  },
  "ecs-service-circuit-breaker": {
    breaks: {
      none: [(w) => set(w.service, { deploymentCircuitBreaker: undefined }), "circuit breaker is off"],
      "without rollback": [(w) => set(w.service, { deploymentCircuitBreaker: { enable: true, rollback: false } }), "does not roll back"],
    },
    ignores: {
      "blue/green": (w) => {
        for (const s of [w.service, w.hostService])
          set(s, { deploymentConfiguration: { strategy: "BLUE_GREEN" }, deploymentCircuitBreaker: undefined });
      },
      CodeDeploy: (w) => {
        for (const s of [w.service, w.hostService])
          set(s, { deploymentController: { type: "CODE_DEPLOY" }, deploymentCircuitBreaker: undefined });
      },
    },
  },
  "ecs-service-deployment-headroom": {
    breaks: {
      "half is enough": [(w) => set(w.service, { deploymentMinimumHealthyPercent: 50 }), "deploymentMinimumHealthyPercent is 50"],
    },
    ignores: {
      daemons: (w) => {
        for (const s of [w.service, w.hostService]) set(s, { schedulingStrategy: "DAEMON", deploymentMinimumHealthyPercent: 0 });
      },
    },
  },
  "ecs-service-two-tasks": {
    breaks: {
      one: [(w) => set(w.service, { desiredCount: 1 }), "desiredCount is 1; set it to 2 or more"],
      "scaled down to one": [(w) => set(w.scalingTarget, { minCapacity: 1 }), "minCapacity of the scalable target web is 1"],
      "none, and requests come": [
        (w) => {
          set(w.scalingTarget, { minCapacity: 0 });
          set(w.scalingPolicy, { policyType: "StepScaling" });
        },
        "minCapacity of the scalable target web is 0",
      ],
      "none, and only tasks that run are measured": [
        (w) => {
          set(w.service, { loadBalancers: undefined });
          set(w.scalingTarget, { minCapacity: 0 });
        },
        "minCapacity of the scalable target web is 0",
      ],
      "not said, not scaled": [
        (w) => {
          set(w.service, { desiredCount: undefined });
          drop(w, "scalingTarget", "scalingPolicy");
        },
        "desiredCount is not set",
      ],
    },
    keeps: {
      "scaled, and not said": (w) => set(w.service, { desiredCount: undefined }),
      "a worker that a policy starts from none": (w) => {
        set(w.service, { desiredCount: 0, loadBalancers: undefined });
        set(w.scalingTarget, { minCapacity: 0 });
        set(w.scalingPolicy, { policyType: "StepScaling" });
      },
    },
  },
  "ecs-service-zone-rebalancing": {
    breaks: {
      "not said": [(w) => set(w.service, { availabilityZoneRebalancing: undefined }), "availabilityZoneRebalancing is not set"],
      off: [(w) => set(w.service, { availabilityZoneRebalancing: "DISABLED" }), 'availabilityZoneRebalancing is "DISABLED"'],
      "a maximum of 100": [(w) => set(w.service, { deploymentMaximumPercent: 100 }), "which turns rebalancing off; set it to 200"],
      "a constraint": [
        (w) => set(w.hostService, { placementConstraints: [{ type: "memberOf", expression: `${zone} == eu-west-1a` }] }),
        "a placement constraint on the Availability Zone",
      ],
      "packed first": [
        (w) => set(w.hostService, { orderedPlacementStrategies: [{ type: "binpack", field: "memory" }] }),
        "the first placement strategy is binpack on memory",
      ],
    },
    keeps: { "another constraint": (w) => set(w.hostService, { placementConstraints: [{ type: "distinctInstance" }] }) },
    ignores: {
      daemons: (w) => {
        for (const s of [w.service, w.hostService]) set(s, { schedulingStrategy: "DAEMON", availabilityZoneRebalancing: undefined });
      },
    },
  },
  "ecs-service-two-zones": {
    breaks: {
      "one subnet": [
        (w) => Object.assign(w.service.inputs.networkConfiguration!, { subnets: [id(w.privateA)] }),
        "are in 1 Availability Zone",
      ],
      "two subnets in a zone": [
        (w) => set(w.privateB, { availabilityZone: "eu-west-1a" }),
        "are in 1 Availability Zone",
        "are in 1 Availability Zone",
      ],
    },
    keeps: {
      "zones by id": (w) => {
        set(w.privateA, { availabilityZone: undefined, availabilityZoneId: "euw1-az1" });
        set(w.privateB, { availabilityZone: undefined, availabilityZoneId: "euw1-az2" });
      },
    },
  },
  "ecs-service-health-check-grace": {
    breaks: {
      none: [(w) => set(w.service, { healthCheckGracePeriodSeconds: undefined }), "healthCheckGracePeriodSeconds is not set (0)"],
      long: [(w) => set(w.service, { healthCheckGracePeriodSeconds: 601 }), "is 601; set it to 10 to 600"],
      "shorter than the container's start": [
        (w) => {
          w.app.healthCheck = { command: ["CMD", "check"], startPeriod: 90 };
        },
        'the load balancer\'s checks count after 60 seconds, and container "web" may take 90 seconds to start; set healthCheckGracePeriodSeconds to 90',
      ],
    },
    inPreview: { "shorter than the container's start": [] },
    keeps: {
      "as long as the container's start": (w) => {
        w.app.healthCheck = { command: ["CMD", "check"], startPeriod: 60 };
      },
    },
    ignores: { "no load balancer": (w) => set(w.service, { loadBalancers: undefined, healthCheckGracePeriodSeconds: undefined }) },
  },
  "ecs-service-waits": {
    breaks: {
      "nothing waits": [(w) => set(w.service, { waitForSteadyState: undefined }), "nothing waits until the service is stable"],
      "a command that waits for something else": [
        (w) => {
          set(w.service, { waitForSteadyState: undefined });
          const other = make("command:local:Command", "follow", { create: "berth wait" });
          other.dependsOn.push(w.cluster);
          add(w, other);
        },
        "nothing waits until the service is stable",
      ],
    },
    keeps: {
      "a command that follows": (w) => {
        set(w.service, { waitForSteadyState: false });
        const follower = make("command:local:Command", "follow", { create: "berth wait" });
        follower.dependsOn.push(w.service);
        add(w, follower);
      },
    },
  },
  "ecs-service-exec": {
    inPreview: {
      "on, with nothing prepared": ["its sessions are not logged", "not encrypted with a key of your own", "the task role task lacks"],
      "not logged": ["its sessions are not logged"],
    },
    breaks: {
      "on, with nothing prepared": [
        (w) => {
          set(w.service, { enableExecuteCommand: true });
          delete w.app.linuxParameters?.initProcessEnabled;
        },
        "its sessions are not logged",
        "not encrypted with a key of your own",
        "read-only root file system",
        "has no init process",
        `the task role task lacks ${exec.join(", ")}`,
      ],
      "not logged": [
        (w) => {
          set(w.service, { enableExecuteCommand: true });
          set(w.cluster, { configuration: { executeCommandConfiguration: { kmsKeyId: arn(w.key), logging: "DEFAULT" } } });
          w.app.readonlyRootFilesystem = false;
          w.taskStatement.Action.push("ssmmessages:*");
        },
        "its sessions are not logged",
      ],
    },
    keeps: {
      "on, with everything prepared": (w) => {
        set(w.service, { enableExecuteCommand: true });
        set(w.cluster, { configuration: { executeCommandConfiguration: { kmsKeyId: arn(w.key), logging: "OVERRIDE" } } });
        w.app.readonlyRootFilesystem = false;
        w.taskStatement.Action.push(...exec);
      },
    },
  },
  "ecs-service-propagate-tags": {
    breaks: {
      neither: [
        (w) => set(w.service, { propagateTags: undefined, enableEcsManagedTags: undefined }),
        "propagateTags is not set",
        "enableEcsManagedTags is not true",
      ],
      NONE: [(w) => set(w.service, { propagateTags: "NONE" }), 'propagateTags is "NONE"'],
    },
    keeps: { "the task definition's": (w) => set(w.service, { propagateTags: "TASK_DEFINITION" }) },
  },
  "ecs-service-spread-zones": {
    breaks: {
      none: [(w) => set(w.hostService, { orderedPlacementStrategies: undefined }), "tasks do not spread over zones first"],
      "over instances first": [
        (w) => set(w.hostService, { orderedPlacementStrategies: [{ type: "spread", field: "instanceId" }] }),
        "tasks do not spread over zones first",
      ],
      "by launch type": [
        (w) => set(w.hostService, { capacityProviderStrategies: undefined, launchType: "EC2", orderedPlacementStrategies: [] }),
        "tasks do not spread over zones first",
      ],
      "on Fargate": [
        (w) => set(w.service, { orderedPlacementStrategies: [{ type: "spread", field: zone }] }),
        "it runs on Fargate, which has no placement strategies",
      ],
    },
    ignores: {
      "Fargate only": (w) =>
        set(w.hostService, { capacityProviderStrategies: [{ capacityProvider: "FARGATE" }], orderedPlacementStrategies: undefined }),
      "a daemon": (w) => set(w.hostService, { schedulingStrategy: "DAEMON", orderedPlacementStrategies: undefined }),
    },
  },
  "ecs-service-capacity-provider-strategy": {
    breaks: {
      "launch type EC2": [(w) => set(w.hostService, { capacityProviderStrategies: undefined, launchType: "EC2" }), 'launchType is "EC2"'],
      "both ways": [(w) => set(w.service, { launchType: "FARGATE" }), "exclude each other"],
      "no weight": [(w) => set(w.service, { capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1 }] }), "a weight above 0"],
      "two bases": [
        (w) =>
          set(w.service, {
            capacityProviderStrategies: [
              { capacityProvider: "FARGATE", base: 1, weight: 1 },
              { capacityProvider: "FARGATE_SPOT", base: 1, weight: 1 },
            ],
          }),
        "several capacity providers have a base",
      ],
      "Fargate and a group": [
        (w) =>
          set(w.service, {
            capacityProviderStrategies: [
              { capacityProvider: "FARGATE", weight: 1 },
              { capacityProvider: "mine", weight: 1 },
            ],
          }),
        "FARGATE and mine cannot be mixed",
      ],
      "Spot alone": [
        (w) => set(w.service, { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }),
        "FARGATE_SPOT may take every task",
      ],
    },
    ignores: {
      "the cluster's default": (w) => {
        for (const s of [w.service, w.hostService]) set(s, { capacityProviderStrategies: undefined });
      },
    },
  },
  "ecs-service-autoscaling": {
    breaks: {
      "no target": [(w) => drop(w, "scalingTarget", "scalingPolicy"), "no scalable target scales it"],
      "no policy": [(w) => drop(w, "scalingPolicy"), "the scalable target web has no scaling policy"],
      "no room": [(w) => set(w.scalingTarget, { maxCapacity: 2 }), "goes from 2 to 2"],
      "set back by each update": [
        (w) => {
          w.service.ignoreChanges = [];
        },
        "every update resets desiredCount",
      ],
    },
    keeps: {
      "a policy by the same id": (w) => {
        set(w.scalingTarget, { resourceId: nameOf(w.service) });
        set(w.scalingPolicy, { resourceId: nameOf(w.service) });
      },
    },
    ignores: {
      daemons: (w) => {
        for (const s of [w.service, w.hostService]) set(s, { schedulingStrategy: "DAEMON" });
      },
    },
  },
  "ecs-service-after-listener": {
    breaks: {
      "too early": [
        (w) => {
          w.service.dependsOn = [];
        },
        "it does not wait for web, which forwards to web",
      ],
    },
    keeps: {
      "through another resource": (w) => {
        const between = make("command:local:Command", "between");
        between.dependsOn.push(w.listenerRule);
        w.service.dependsOn = [between];
      },
    },
    ignores: { "no load balancer": (w) => set(w.service, { loadBalancers: undefined }) },
  },
  "ecs-service-no-force": {
    breaks: {
      "a forced deletion": [(w) => set(w.service, { forceDelete: true }), "forceDelete is true"],
      "a forced deployment": [(w) => set(w.service, { forceNewDeployment: true }), "without triggers"],
    },
    keeps: { "a forced deployment when triggered": (w) => set(w.service, { forceNewDeployment: true, triggers: { redeploy: "1" } }) },
  },
  "ecs-service-ingress": {
    breaks: {
      "from an address": [
        (w) => set(w.taskIngress, { referencedSecurityGroupId: undefined, cidrIpv4: "10.0.0.0/8" }),
        "admits 10.0.0.0/8",
        "admits 10.0.0.0/8",
      ],
      "every port": [
        (w) => set(w.taskIngress, { ipProtocol: "-1", fromPort: undefined, toPort: undefined }),
        "admits all ports",
        "admits all ports",
      ],
      "another port": [(w) => set(w.taskIngress, { fromPort: 22, toPort: 22 }), "admits port 22", "admits port 22"],
      "a rule in the group": [
        (w) => {
          drop(w, "taskIngress");
          set(w.taskGroup, { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, cidrBlocks: ["0.0.0.0/0"] }] });
        },
        "admits 0.0.0.0/0",
        "admits 0.0.0.0/0",
      ],
      "a rule of the older kind": [
        (w) => {
          drop(w, "taskIngress");
          const rule = {
            type: "ingress",
            securityGroupId: id(w.taskGroup),
            protocol: "tcp",
            fromPort: 8000,
            toPort: 8000,
            prefixListIds: ["pl-1"],
          };
          add(w, make("aws:ec2/securityGroupRule:SecurityGroupRule", "old", rule));
        },
        "whose source is no security group",
        "whose source is no security group",
      ],
    },
    // What the containers listen on is not known in a preview of new resources; what the load balancer asks for is.
    inPreview: { "another port": [] },
    keeps: {
      "the port of a proxy": (w) => {
        set(w.taskIngress, { fromPort: 15443, toPort: 15443 });
        const serviceConnectConfiguration = { enabled: true, services: [{ portName: "http", ingressPortOverride: 15443 }] };
        for (const one of [w.service, w.hostService]) set(one, { serviceConnectConfiguration });
      },
      "rules in the group": (w) => {
        drop(w, "taskIngress");
        set(w.taskGroup, { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, securityGroups: [id(w.lbGroup)] }] });
      },
      "its own group": (w) => {
        drop(w, "taskIngress");
        set(w.taskGroup, { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, self: true }] });
      },
    },
  },
  "ecs-cluster-container-insights": {
    breaks: {
      none: [(w) => set(w.cluster, { settings: undefined }), "Container Insights is not set"],
      off: [(w) => set(w.cluster, { settings: [{ name: "containerInsights", value: "disabled" }] }), 'Container Insights is "disabled"'],
    },
    keeps: { enabled: (w) => set(w.cluster, { settings: [{ name: "containerInsights", value: "enabled" }] }) },
  },
  "ecs-cluster-capacity-providers": {
    breaks: {
      "none attached": [(w) => drop(w, "association"), "no ClusterCapacityProviders attaches"],
      "not the one in use": [
        (w) => set(w.association, { capacityProviders: ["FARGATE"] }),
        "the capacity provider host is used but not attached",
      ],
      "no default": [(w) => set(w.association, { defaultCapacityProviderStrategies: undefined }), "has no default strategy"],
    },
    ignores: { "Fargate only": (w) => set(w.hostService, { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] }) },
  },
};
