export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Providers' own types keep their package's name, so that `docker-build.Image` is not taken for a component. */
const PROVIDERS = new Set(["docker", "docker-build", "random", "tls", "command", "awsx", "pulumi"]);

/** A type for people: `aws:ec2/subnet:Subnet` -> `ec2.Subnet`; `berth:index:Network` -> `Network`. */
export function shortType(type: string): string {
  const [pkg = "", module = "", name = type] = type.split(":");
  if (pkg === "aws") return `${module.split("/")[0]}.${name}`;
  return PROVIDERS.has(pkg) ? `${pkg}.${name}` : name;
}
