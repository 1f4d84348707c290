// A PostgreSQL with pgvector that speaks the wire protocol on a free port of loopback; it prints the port and ends with its stdin.
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const db = await PGlite.create({ extensions: { vector } });
const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: 0 });
server.addEventListener("listening", (event) => console.log(`port ${event.detail?.port ?? server.port}`));
await server.start();
process.stdin.on("end", () => process.exit(0)).resume();
