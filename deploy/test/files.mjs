// Shared code of the checks: files of this folder, and the keys that a worker knows.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const DEPLOY = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The text of a file under deploy/. */
export function text(file) {
  return readFileSync(join(DEPLOY, file), "utf8");
}

/** The environment variables of the configuration page. */
export function knownVariables() {
  const keys = [...text("../src/docs/configuration.md").matchAll(/^\| `(darkroom\.[a-z0-9.-]+)/gm)];
  return new Set(keys.map(([, key]) => key.toUpperCase().replace(/[^A-Z0-9]/g, "_")));
}

/** The default of a configuration key, or of an option of the simulation, in its page or source. */
export function documented(name) {
  const row = text("../src/docs/configuration.md").match(new RegExp(`^\\| \`${name}\` \\| [^|]+ \\| \`?([^|\`]+?)\`? \\|`, "m"));
  const option = text("../src/main/java/io/darkroom/app/cli/SimulateCommand.java").match(new RegExp(`"--${name}",[^)]*?defaultValue = "([^"]+)"`));
  return (row ?? option)[1];
}

/** Returns whether a program is installed. */
export function installed(program) {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** Returns whether the name of an image has a version and no registry. */
export function portableImage(image) {
  const [path, tag] = image.split(":");
  const first = path.split("/")[0];
  return Boolean(tag) && tag !== "latest" && (path === first || !/[.]|^localhost$/.test(first));
}

/** Seconds of a duration such as 20s or 2m. */
export function seconds(duration) {
  const [, number, unit] = /^(\d+)(s|m|h)$/.exec(duration);
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit];
}
