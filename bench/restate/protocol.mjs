// The harness's line protocol: one JSON command a line in, one "@" and JSON a line out.
import readline from "node:readline";

const say = (answer) => process.stdout.write("@" + JSON.stringify(answer) + "\n");

export function serve(commands) {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const { cmd, rid, ...rest } = JSON.parse(line);
    try {
      say({ ok: true, rid, ...(await commands[cmd](rest)) });
    } catch (e) {
      say({ ok: false, rid, error: String(e.stack ?? e) });
    }
  });
  lines.on("close", () => process.exit(0));
  say({ ready: true });
}
