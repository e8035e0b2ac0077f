import { resourceRule } from "../../engine/define";
import { lifecycleRules } from "../../graph/lifecycle";
import { each } from "../../graph/undecided";

const keep = (images: number) => ({ AppImage: `keep: ${images}`, MirroredImage: `keep: ${images}` });

export default resourceRule({
  name: "ecr-lifecycle-keeps-running-images",
  description: "No lifecycle policy deletes an image that is running or that a rollback needs.",
  controls: ["ECR-04"],
  reason: "A task definition whose image is gone cannot start: the service fails as soon as it scales or loses a zone.",
  fix: `rules: [{ rulePriority: 1, selection: { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 30 }, action: { type: "expire" } }]`,
  settings: keep(30),
  types: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
  parameters: {
    minimumImages: { type: "integer", default: 10, minimum: 1, description: "Fewest images that a rule keeps." },
    minimumDays: { type: "integer", default: 14, minimum: 1, description: "Fewest days that a rule keeps an untagged image." },
  },
  check(policy, report, { minimumImages, minimumDays }) {
    each(lifecycleRules(policy), ({ rulePriority, selection }) => {
      const tags = [...(selection?.tagPrefixList ?? []), ...(selection?.tagPatternList ?? [])];
      if (tags.length > 0 && tags.every((t) => /^\*?cache/i.test(t))) return;
      const count = Number(selection?.countNumber);
      const rule = `rule ${rulePriority}`;
      if (selection?.countType === "imageCountMoreThan") {
        if (count < minimumImages)
          report(`${rule} keeps ${count} images`, `keep ${minimumImages} or more`, { settings: keep(Math.max(30, minimumImages)) });
      } else if (selection?.tagStatus !== "untagged")
        report(`${rule} deletes tagged images by age, running or not`, "count images instead", { settings: "transform" });
      else if (count < minimumDays)
        report(`${rule} keeps untagged images for ${count} days`, `keep them for ${minimumDays} or more`, { settings: "transform" });
    });
  },
});
