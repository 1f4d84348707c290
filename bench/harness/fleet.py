"""What a fleet costs PostgreSQL while it has nothing to do: Drover's own statements, read from its source, run by pgbench."""
import os
import re
import subprocess
import time

import machine
from settings import HOME, HOST, PG_PORT, PROJECT

JOURNAL = os.path.join(PROJECT, "src", "main", "java", "io", "drover", "journal")
RUNNING_EACH = 100
WORKER = "lpad(:w::text, 32, '0')::uuid"
POSITIONAL = {"CLAIM": ["array['support-ticket']", "array[{batch}]", "array[0]", "'stable'", "{batch}", WORKER, WORKER]}
NAMED = {"id": WORKER, "worker": WORKER, "lease_ms": "10000", "most": "100000"}
STATEMENTS = [
    ("PostgresFleet", "HEARTBEAT"),
    ("PostgresFleet", "HELD"),
    ("PostgresFleet", "BURY"),
    ("PostgresFleet", "REQUEUE_ORPHANS"),
    ("PostgresFleet", "RETURN_FROM_CANARY"),
    ("PostgresFleet", "PROMOTE_DUE"),
    ("PostgresTaskQueue", "CLAIM"),
    ("PostgresTaskStore", "BACKLOG"),
    ("PostgresTaskStore", "DEPTHS"),
    ("PostgresTaskStore", "WAITS"),
]


def statement(java, name, batch=1000, limit=1000):
    """A constant of a Java class, with values that pgbench can give in place of its parameters."""
    with open(os.path.join(JOURNAL, java + ".java")) as file:
        sql = re.search(rf'String {name} =\s*"""\n(.*?)"""', file.read(), re.S).group(1)
    for value in POSITIONAL.get(name, []):
        sql = sql.replace("?", value.format(batch=batch), 1)
    for key, value in {**NAMED, "limit": str(limit)}.items():
        sql = re.sub(rf"(?<!:):{key}\b", value, sql)
    return sql.strip()


class Fleet:
    def __init__(self, postgres, database, workers):
        self._postgres, self._database, self._workers = postgres, database, workers
        postgres.query(
            f"""truncate task, worker;
            insert into worker (id, name, version, heartbeat_at)
            select lpad(w::text, 32, '0')::uuid, 'w' || w, 'bench', 'infinity' from generate_series(1, {workers}) w;
            insert into task (id, workflow, status, worker, token, input)
            select gen_random_uuid(), 'support-ticket', 'RUNNING', lpad(w::text, 32, '0')::uuid, 1, '{{}}'
              from generate_series(1, {workers}) w, generate_series(1, {RUNNING_EACH});
            analyze task, worker""", database)

    def queue(self, tasks):
        self._postgres.query(
            f"""insert into task (id, workflow, status, input)
            select gen_random_uuid(), 'support-ticket', 'QUEUED', '{{"subject":"where is my order"}}' from generate_series(1, {tasks});
            analyze task""", self._database)

    def cost(self, sql, clients=4, seconds=4):
        """CPU of PostgreSQL, in us, and ms of waiting for one run of a statement."""
        path = os.path.join(HOME, "statement.sql")
        with open(path, "w") as file:
            file.write(f"\\set w random(1, {self._workers})\n{sql};\n")
        self._postgres.query("checkpoint")
        before = machine.cpu_ms(self._postgres.group)
        out = subprocess.run(
            ["pgbench", "-h", HOST, "-p", str(PG_PORT), "-U", "postgres", "-n", "-M", "prepared",
             "-c", str(clients), "-j", "1", "-T", str(seconds), "-f", path, self._database],
            check=True, capture_output=True, text=True).stdout
        runs = int(re.search(r"actually processed: (\d+)", out).group(1))
        waited = float(re.search(r"latency average = ([\d.]+)", out).group(1))
        used = machine.cpu_ms(self._postgres.group) - before
        return {"cpu_us": round(used / runs * 1e3), "latency_ms": round(waited, 2), "per_s": round(runs / seconds)}

    def listeners(self, number):
        """Sessions that listen, as each worker has one, for as long as their standard input is open."""
        sessions = []
        for _ in range(number):
            sessions.append(subprocess.Popen(
                ["psql", "-h", HOST, "-p", str(PG_PORT), "-U", "postgres", "-d", self._database, "-qX"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True))
            sessions[-1].stdin.write("listen drover_task;\n")
            sessions[-1].stdin.flush()
        time.sleep(3)
        return sessions


def measure(keep, postgres, database):
    for workers in (10, 100, 1000):
        fleet = Fleet(postgres, database, workers)
        for java, name in STATEMENTS:
            keep(f"{workers} workers", name, fleet.cost(statement(java, name)))
            postgres.query("update worker set heartbeat_at = 'infinity'", database)
            postgres.query("vacuum worker", database)
    fleet.queue(1_000_000)
    for java, name, limit in (("PostgresTaskStore", "BACKLOG", 1_000_001), ("PostgresTaskStore", "DEPTHS", 0)):
        keep("1,000,000 queued", name, fleet.cost(statement(java, name, limit=limit), clients=1))
    for claimers in (1, 4, 16, 64):
        fleet = Fleet(postgres, database, claimers)
        fleet.queue(400_000)
        keep("claims of 20", f"{claimers} claimers", fleet.cost(statement("PostgresTaskQueue", "CLAIM", batch=20), clients=claimers, seconds=3))
    for number in (0, 10, 100):
        sessions = fleet.listeners(number)
        keep("notify", f"{number} listeners", fleet.cost("select pg_notify('drover_task', '')", clients=1))
        for session in sessions:
            session.communicate("")
