// Where the image of a service comes from: what is built, and what exists.
import { credentialComplaint } from "../../facts/credentials";
import { imageComplaint } from "../../facts/images";
import type { Path } from "../ledger";
import { each, type Field, type Handlers } from "./field";
import { at, type Work } from "./work";

/** Where the settings of the image stand: those of the stack, or the service's own. */
const placeOf = (work: Work): Path => {
  const { one, shape } = work;
  return one.at[0] === "service" || (shape.shared !== undefined && shape.shared === one.origin?.key) ? ["image"] : at(work, "image");
};

export function translateImage(work: Work): void {
  const { one, shape, ledger } = work;
  const build = one.field.get("build");
  const image = one.field.get("image");
  if (one.owner) {
    for (const field of [build, image]) field?.same(`It has the image of ${one.owner.name}.`);
  } else if (build) {
    image?.same("The name of what is built; the stack keeps it in a repository of ECR, and deploys it by its digest.");
    const place = placeOf(work);
    if (build.text !== undefined) context(build, { work, place });
    else each(build, BUILD, { work, place });
    if (build.isMap && !build.get("context") && one.origin?.context) ledger.set([...place, "context"], one.origin.context);
  } else if (image && one.origin?.context !== undefined) {
    image.same("It is the image that another service builds.");
    if (shape.shared !== one.origin.key) copyOf(work);
  } else if (image) existing(image, [...placeOf(work), "imageUri"], work);
}

/** Another service builds it: this one has the same settings. */
function copyOf(work: Work): void {
  const builder = work.shape.ones.find(({ origin, field }) => origin === work.one.origin && field.get("build"));
  const settings = builder && work.ledger.get([...builder.at, "image"]);
  if (settings !== undefined) work.ledger.set(at(work, "image"), settings);
}

function existing(image: Field, setting: Path, { ledger }: Work): void {
  const uri = image.text ?? "";
  const complaint = imageComplaint(uri);
  if (complaint === undefined) return void image.take(setting, uri);
  // A service needs an image; this one is found by nobody, and not confused with one that is built.
  const name = uri.replace(/:[^/:]*$/, "");
  if (/^[\w./:-]+$/.test(name)) ledger.set(setting, `${name}:choose-a-tag`);
  image.leave(`${setting.join(".")}: ${complaint}`);
}

interface Building {
  work: Work;
  place: Path;
}

function context(field: Field, { work: { one }, place }: Building): void {
  if (one.origin?.context === undefined)
    field.leave("It is no folder of this project: build it in CI, and set image.imageUri to what was pushed.");
  else field.take([...place, "context"], one.origin.context);
}

const ARCHITECTURES: Record<string, string> = { "linux/amd64": "x86_64", "linux/arm64": "arm64", "linux/arm64/v8": "arm64" };

const BUILD: Handlers<Building> = {
  context,
  dockerfile: (field, { work, place }) => void field.take([...place, "dockerfile"], work.one.origin?.dockerfile),
  dockerfile_inline: (field) => field.leave("Write it into a file, and name that by image.dockerfile."),
  target: (field, { place }) => void field.take([...place, "target"], field.text),
  args: (field, { place }) => {
    for (const { name, value, field: one } of field.named()) {
      const credential = value === undefined ? undefined : credentialComplaint(name, value);
      if (credential) one.leave(`${name}: ${credential}, and build arguments stay in the image's history; use image.secrets.`);
      else if (value === undefined)
        one.leave(`${name} has no value here: Compose takes it from the environment of whoever builds. Write it into image.buildArgs.`);
      else one.take([...place, "buildArgs", name], value);
    }
  },
  secrets: (field, { place }) => {
    for (const one of field.items()) {
      const id = one.text ?? one.get("source")?.text ?? "ID";
      one.leave(`Its value belongs into the stack file, encrypted: pulumi config set --secret --path ${place.join(".")}.secrets.${id}`);
    }
  },
  platforms: (field, { place }) => {
    const architectures = field.items().map(({ text = "" }) => ARCHITECTURES[text]);
    if (architectures.includes(undefined))
      field.leave("Tasks run on linux/amd64 and linux/arm64; set image.architectures to those of them that are needed.");
    else if (architectures.length > 1) field.take([...place, "architectures"], architectures);
    else if (architectures[0] === "arm64") field.leave("Set architecture: arm64, which holds for all of the stack.");
    else field.same("It is what a stack builds for.");
  },
  tags: (field) => field.same("The image is deployed by its digest, and its tag is made of the stack's name and its content."),
  cache_from: (field) => field.same("Layers are cached in a repository of the stack (image.cache)."),
  cache_to: (field) => field.same("Layers are cached in a repository of the stack (image.cache)."),
  no_cache: (field) => field.leave("Set image.cache: false where no layer may be kept."),
  pull: (field) => field.same("A build on a machine without the base image pulls it; name base images by their digest where that matters."),
  labels: (field) => field.leave("Write them into the Dockerfile (LABEL)."),
  shm_size: (field) => field.leave("A build has Docker's own size; set it where Docker builds."),
  ssh: (field) => field.leave("A build has no SSH agent: use a token in image.secrets."),
  network: (field) => field.leave("A build has Docker's own network."),
  extra_hosts: (field) => field.leave("A build has Docker's own names."),
  additional_contexts: (field) =>
    field.leave("An image is built of one folder: copy what it needs into that, or build it in CI and set image.imageUri."),
  entitlements: (field) => field.leave("A build has no further rights."),
  privileged: (field) => field.leave("A build has no further rights."),
  isolation: (field) => field.leave("It is for Windows, and tasks run Linux."),
  ulimits: (field) => field.leave("A build has Docker's own limits."),
  provenance: (field) => field.leave("Build in CI where attestations are needed, and set image.imageUri."),
  sbom: (field) => field.leave("Build in CI where attestations are needed, and set image.imageUri."),
};
