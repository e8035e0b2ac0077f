import { stackRule } from "../../engine/define";
import { isPublic } from "../../graph/network";

export default stackRule({
  name: "efs-file-system-protected",
  description: "File systems are encrypted, backed up, in private subnets, and reached through access points.",
  controls: ["EFS-01"],
  reason: "Files are the one thing in a stack that cannot be rebuilt. An access point confines each service to its own directory and user.",
  fix: `new aws.efs.AccessPoint("web", { fileSystemId: files.id, rootDirectory: { path: "/web", ... }, posixUser: { uid: 1000, gid: 1000 } })`,
  settings: "transform",
  types: ["aws:efs/fileSystem:FileSystem", "aws:efs/accessPoint:AccessPoint", "aws:efs/mountTarget:MountTarget"],
  check(resource, graph, report) {
    if (resource.type === "aws:efs/fileSystem:FileSystem") {
      const { encrypted } = resource.props;
      if (!encrypted) report("encrypted is not true", "set it to true");
      const backups = graph.referrers(resource, "aws:efs/backupPolicy:BackupPolicy", "fileSystemId");
      if (!backups.some((b) => b.props.backupPolicy?.status === "ENABLED"))
        report("it is not backed up", "add a BackupPolicy with status ENABLED", { settings: { FileSystem: "backup: true" } });
    } else if (resource.type === "aws:efs/accessPoint:AccessPoint") {
      const { rootDirectory, posixUser } = resource.props;
      if ((rootDirectory?.path ?? "/") === "/") report("it exposes the whole file system", "set rootDirectory.path");
      if (posixUser?.uid === undefined) report("it does not set the user", "set posixUser");
    } else {
      for (const subnet of graph.refs(resource, "subnetId", "aws:ec2/subnet:Subnet")) {
        if (isPublic(subnet, graph)) report(`it is in ${subnet.name}, which has a route to an internet gateway`, "use a private subnet");
      }
    }
  },
});
