// Loaded where a project made from the template leaves out Berth's own suites: they are its library's, and named at the end of the run.
import { note } from "./left-out";

note("containers, an AWS emulator, Pulumi's runner, the package, the documentation, hostile input, changes of live stacks", {
  why: "Berth's own suites test what a project made from it does not change",
  how: "npm run test:all",
});
