// Holds objects against the schemas of their kinds: formats, ranges and patterns, which types do not say. Prints what is wrong, a line each.
import { readFileSync } from "node:fs";

const problems = [];
for (const [place, module, object] of JSON.parse(readFileSync("objects.json", "utf8"))) {
  const models = await import(module);
  try {
    new models[object.kind](object).validate();
  } catch (error) {
    problems.push(`${place}: ${error.message}`);
  }
}
console.log(problems.join("\n"));
