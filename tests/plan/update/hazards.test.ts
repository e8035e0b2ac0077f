import assert from "node:assert/strict";
import { hazardsOf } from "../../../plan/update/serving/hazards";
import { recorded, updateOf } from "../../helpers/recorded";

/** What a change of an earlier version's stack meets, line by line. */
const met = (before: string, after: string) =>
  hazardsOf(updateOf(recorded(before), recorded(after)))
    .map(({ kind, what, text }) => `${kind}: ${what}: ${text}`)
    .sort();

describe("the hazards of an update", () => {
  const cases: [before: string, after: string, hazards: string[]][] = [
    [
      "dev",
      "dev | service.port=9000",
      [
        "replaced: TargetGroup web: port makes a new one",
        "traffic: Service web: ListenerRule web is updated: TargetGroup web has no targets",
        "traffic: Service web: SecurityGroupEgressRule web-requests is updated: the load balancer's security group lets nothing out to port 8000 of the tasks",
        "traffic: Service web: SecurityGroupIngressRule web-in is updated: the tasks' security group admits nothing from the load balancer to port 8000",
      ],
    ],
    ["dev", "dev | service.cpu=1 vCPU", []],
    ["dev", "dev | service.capacity=mixed", ["replaced: Service web: capacityProviderStrategies makes a new one"]],
    ["dev", "dev | compute=ec2", ["replaced: Service web: capacityProviderStrategies[0].capacityProvider makes a new one"]],
    [
      "dev | compute=ec2",
      "dev",
      [
        "removed: Eip net-1: it is deleted with what it holds",
        "replaced: Service web: capacityProviderStrategies[0].capacityProvider makes a new one",
      ],
    ],
    ["ec2", "ec2 | compute=fargate", ["replaced: Service web: capacityProviderStrategies[0].capacityProvider makes a new one"]],
    [
      "dev",
      "dev | compute=managed-instances",
      [
        "refused: ClusterCapacityProviders apps: CapacityProvider apps-managed is still being made, and nothing waits until it is ACTIVE",
        "replaced: Service web: capacityProviderStrategies[0].capacityProvider makes a new one",
      ],
    ],
    [
      "managed",
      "managed | managedInstances.capacity=spot",
      [
        "refused: ClusterCapacityProviders apps: CapacityProvider apps-managed is still being made, and nothing waits until it is ACTIVE",
        "replaced: Service web: capacityProviderStrategies[0].capacityProvider makes a new one (CapacityProvider apps-managed is replaced)",
      ],
    ],
    [
      "dev | tasks.report",
      "dev | tasks.report, scheduled",
      [
        "refused: TaskDefinition report: Command report-revisions deregisters its revisions at the end",
        "removed: LogGroup report: it is deleted with what it holds",
      ],
    ],
    [
      "dev | service.rollout=blueGreen",
      "dev | service.rollout=blueGreen, domain",
      [
        "needs: Service web: ListenerRule web-production is deleted: ListenerRule web-production (old) is not there",
        "needs: Service web: RolePolicy web-traffic is updated: Role web-traffic may no longer elasticloadbalancing:ModifyRule <ListenerRule web-production (old)>",
        "traffic: Service web: ListenerRule web-production is deleted: TargetGroup web has no targets",
        "traffic: Service web: the rollout is over: TargetGroup web has no targets",
        "unfollowed: Service web: loadBalancers starts a deployment, and no command waits for it",
      ],
    ],
    [
      "dev",
      "dev | service.rollout=blueGreen",
      ["kept: Service web: deploymentCircuitBreaker is left out now, which AWS takes as no change"],
    ],
    [
      "dev | service.rollout=blueGreen",
      "dev",
      [
        "kept: Service web: alarms is left out now, which AWS takes as no change",
        "traffic: Service web: the rollout is over: TargetGroup web-green has no targets",
      ],
    ],
    ["dev", "dev | loadBalancer.domain", []],
    ["dev | loadBalancer.domain", "dev", ["traffic: Service web: Listener public-http is updated: no rule leads to it"]],
    [
      "dev",
      "dev | loadBalancer.internal",
      [
        "refused: TargetGroup web: it is on two load balancers, and AWS knows one each",
        "replaced: Listener public-http: loadBalancerArn makes a new one (LoadBalancer public is replaced)",
        "replaced: LoadBalancer public: internal makes a new one",
      ],
    ],
    ["dev | service.rollout.alarms", "dev", ["kept: Service web: alarms is left out now, which AWS takes as no change"]],
    ["dev", "dev | service.rollout.circuitBreaker=false", []],
    ["dev", "dev | network.zones=3", ["unfollowed: Service web: networkConfiguration starts a deployment, and no command waits for it"]],
    [
      "dev | network.zones=3",
      "dev",
      [
        "idle: Service web: LoadBalancer public is updated: it leaves us-east-1c, and sends nothing to the tasks there",
        "needs: Service web: Route net-public-3 is deleted: Subnet net-public-3 has no way to ecr.api, ecr.dkr, s3, logs",
        "needs: Service web: Subnet net-public-3 is deleted: Subnet net-public-3 is not there",
        "unfollowed: Service web: networkConfiguration starts a deployment, and no command waits for it",
      ],
    ],
    ["dev", "dev | network.nat=single", ["unfollowed: Service web: networkConfiguration starts a deployment, and no command waits for it"]],
    [
      "dev | network.nat=single",
      "dev",
      [
        "needs: Service web: Route net-private-1 is deleted: Subnet net-private-1 has no way to ecr.api, ecr.dkr, logs",
        "needs: Service web: Route net-private-2 is deleted: Subnet net-private-2 has no way to ecr.api, ecr.dkr, logs",
        "removed: Eip net-1: it is deleted with what it holds",
        "unfollowed: Service web: networkConfiguration starts a deployment, and no command waits for it",
      ],
    ],
    [
      "dev",
      "dev | encryption=own",
      [
        "needs: Service web: RolePolicy web-execution is updated: Role web-execution may no longer ecr:BatchCheckLayerAvailability <Repository web (old)>",
        "replaced: Repository web-cache: encryptionConfigurations[0].encryptionType, encryptionConfigurations[0].kmsKey makes a new one",
        "replaced: Repository web: encryptionConfigurations[0].encryptionType, encryptionConfigurations[0].kmsKey makes a new one",
      ],
    ],
    ["dev", "dev | service.secrets", []],
    [
      "dev | service.secrets",
      "dev",
      [
        "needs: Service web: RolePolicy web-execution is updated: Role web-execution may no longer secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf",
      ],
    ],
    [
      "dev",
      "dev | service.name=shop",
      [
        "refused: ListenerRule shop: its priority still belongs to ListenerRule web",
        "removed: LogGroup web: it is deleted with what it holds",
        "removed: Repository web-cache: it is deleted with what it holds",
        "removed: Repository web: it is deleted with what it holds",
        "removed: Service web: it is deleted with what it holds",
      ],
    ],
    [
      "dev | service.sleep",
      "dev",
      ["kept: Service web: Auto Scaling goes, and the count that it set last stays: desiredCount is sent when it changes"],
    ],
    [
      "ec2",
      "ec2 | service.networkMode=bridge",
      [
        "replaced: TargetGroup web: targetType makes a new one",
        "traffic: Service web: ListenerRule web is updated: TargetGroup web has no targets",
      ],
    ],
    [
      "prod",
      "prod | image.imageUri",
      [
        "needs: Service web: RolePolicy web-execution is updated: Role web-execution may no longer ecr:BatchCheckLayerAvailability <Repository web>",
        "refused: Repository web-cache: it is protected, and would be deleted",
        "refused: Repository web: it is protected, and would be deleted",
        "removed: Repository web-cache: it is deleted with what it holds",
        "removed: Repository web: it is deleted with what it holds",
      ],
    ],
    [
      "prod",
      "prod | loadBalancer.accessLogs=false",
      [
        "kept: LoadBalancer public: accessLogs is left out now, which AWS takes as no change",
        "refused: Bucket public-logs: it is protected, and would be deleted",
        "removed: Bucket public-logs: it is deleted with what it holds",
      ],
    ],
    [
      "prod",
      "prod | encryption=own",
      [
        "needs: Service web: RolePolicy web-execution is updated: Role web-execution may no longer ecr:BatchCheckLayerAvailability <Repository web (old)>",
        "refused: Repository web-cache: it is protected, and would be replaced",
        "refused: Repository web: it is protected, and would be replaced",
        "replaced: Repository web-cache: encryptionConfigurations[0].encryptionType, encryptionConfigurations[0].kmsKey makes a new one",
        "replaced: Repository web: encryptionConfigurations[0].encryptionType, encryptionConfigurations[0].kmsKey makes a new one",
      ],
    ],
  ];
  for (const [before, after, hazards] of cases) {
    it(`${before} -> ${after}`, () => assert.deepEqual(met(before, after), hazards));
  }
});
