import { stackRule } from "../../engine/define";
import type { Graph } from "../../graph/graph";
import { isPublic, tableOf } from "../../graph/network";
import type { Resource } from "../../graph/types";

export default stackRule({
  name: "ec2-vpc-s3-endpoint",
  description: "Private subnets reach S3 through a gateway endpoint.",
  controls: ["VPC-08"],
  reason: "ECR stores image layers in S3: the endpoint is free, while every pull through a NAT gateway is charged by the gigabyte.",
  fix: `new aws.ec2.VpcEndpoint("s3", { vpcId: vpc.id, serviceName: \`com.amazonaws.\${region}.s3\`, routeTableIds: privateRouteTableIds })`,
  settings: "transform",
  types: ["aws:ec2/vpc:Vpc"],
  concerns: (vpc, graph) => privateTables(vpc, graph).length > 0,
  check(vpc, graph, report) {
    const endpoints = graph
      .referrers(vpc, "aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId")
      .filter((e) => e.props.serviceName?.endsWith(".s3") && (e.props.vpcEndpointType ?? "Gateway") === "Gateway");
    if (endpoints.length === 0) {
      report("it has no S3 gateway endpoint", "add one on the private route tables");
      return;
    }
    const covered = endpoints.flatMap((e) => [
      ...graph.targets(e, "routeTableIds", "aws:ec2/routeTable:RouteTable", () => e.props.routeTableIds).resources,
      ...graph
        .referrers(e, "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation", "vpcEndpointId")
        .flatMap((a) => graph.refs(a, "routeTableId", "aws:ec2/routeTable:RouteTable")),
    ]);
    for (const table of privateTables(vpc, graph)) {
      if (!covered.some((c) => c.urn === table.urn)) report(`the S3 endpoint is not on the private route table ${table.name}`, "add it");
    }
  },
});

function privateTables(vpc: Resource<"aws:ec2/vpc:Vpc">, graph: Graph): Resource<"aws:ec2/routeTable:RouteTable">[] {
  const tables = graph
    .referrers(vpc, "aws:ec2/subnet:Subnet", "vpcId")
    .flatMap((s) => (tableOf(s, graph) && !isPublic(s, graph) ? tableOf(s, graph)! : []));
  return [...new Set(tables)];
}
