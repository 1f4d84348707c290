"""The processes around what is measured: those that speak the line protocol, the stub, PostgreSQL."""
import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import threading
import time

import machine
from settings import HOME, HOST, PG_PORT, STUB_PORT

_live = []


def stop_all():
    for process in list(_live):
        process.kill(wait=5)


class Process:
    """A process in a group of its own; with `protocol`, one that answers a JSON line with a JSON line."""

    def __init__(self, group, command, environment=None, protocol=True):
        self.group = group
        self._log = open(os.path.join(HOME, f"log-{group}.txt"), "ab")
        self._answers = {}
        self._changed = threading.Condition()
        self._last = itertools.count(1)
        self._ended = False
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            cwd=HOME,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if protocol else self._log,
            stderr=self._log,
            preexec_fn=lambda: machine.join(group),
            text=True,
            bufsize=1,
        )
        self.pid = self._process.pid
        _live.append(self)
        if protocol:
            threading.Thread(target=self._read, daemon=True).start()
            self.reply(None, 120)

    def _read(self):
        for line in self._process.stdout:
            if line.startswith("@"):
                answer = json.loads(line[1:])
                with self._changed:
                    self._answers[answer.get("rid")] = answer
                    self._changed.notify_all()
            else:
                self._log.write(line.encode())
                self._log.flush()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def send(self, **command):
        number = next(self._last)
        self._process.stdin.write(json.dumps({**command, "rid": number}) + "\n")
        self._process.stdin.flush()
        return number

    def reply(self, number, timeout=900):
        """May be called by several threads at once, each for its own command."""
        with self._changed:
            self._changed.wait_for(lambda: number in self._answers or self._ended, timeout)
            if number not in self._answers:
                why = "ended" if self._ended else f"did not answer within {timeout} s"
                raise RuntimeError(f"{self.group} {why}; see {self._log.name}")
            answer = self._answers.pop(number)
        if answer.get("ok") is False:
            raise RuntimeError(f"{self.group}: {answer['error']}; see {self._log.name}")
        return answer

    def ask(self, **command):
        return self.reply(self.send(**command))

    def deliver(self, number):
        self._process.send_signal(number)

    def kill(self, number=signal.SIGTERM, wait=40):
        if self._process.poll() is None:
            self.deliver(signal.SIGCONT)
            self.deliver(number)
            try:
                self._process.wait(wait)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self in _live:
            _live.remove(self)


class Stub:
    """The back end that the tools call. It is not counted."""

    def __init__(self):
        self._process = subprocess.Popen([os.path.join(HOME, "stub"), str(STUB_PORT), "0"])
        wait_until(self._is_up, 5, "the stub is up")

    def _is_up(self):
        self._connection = http.client.HTTPConnection(HOST, STUB_PORT, timeout=10)
        try:
            return self.stats() is not None
        except OSError:
            return False

    def _request(self, method, path):
        self._connection.request(method, path)
        return json.loads(self._connection.getresponse().read())

    def stats(self):
        return self._request("GET", "/stats")

    def reset(self):
        self._request("POST", "/reset")

    def delay(self, ms):
        self._request("POST", f"/delay/{ms}")

    def stop(self):
        self._process.terminate()
        self._process.wait()


class Postgres:
    """A PostgreSQL server with its default durability (fsync and synchronous_commit on)."""

    group = "pg"

    def __init__(self):
        self._bin = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
        self._data = os.path.join(HOME, "pg", "data")

    def start(self):
        if not os.path.exists(self._data):
            os.makedirs(os.path.dirname(self._data), exist_ok=True)
            shutil.chown(os.path.dirname(self._data), "postgres")
            self._as_postgres("initdb", "-D", self._data, "-A", "trust", "-U", "postgres")
        if subprocess.run(["pg_isready", "-q", "-h", HOST, "-p", str(PG_PORT)]).returncode == 0:
            return
        options = f"-p {PG_PORT} -c listen_addresses={HOST} -c unix_socket_directories= -c max_connections=200"
        self._as_postgres("pg_ctl", "-D", self._data, "-w", "-s", "-l", self._data + "/log", "-o", options, "start",
                          preexec_fn=lambda: machine.join(self.group))

    def stop(self):
        self._as_postgres("pg_ctl", "-D", self._data, "-w", "-s", "-m", "fast", "stop")

    def _as_postgres(self, program, *arguments, **options):
        subprocess.run(["runuser", "-u", "postgres", "--", os.path.join(self._bin, program), *arguments],
                       check=True, cwd=HOME, stdout=subprocess.DEVNULL, **options)

    @staticmethod
    def query(sql, database="postgres"):
        command = ["psql", "-h", HOST, "-p", str(PG_PORT), "-U", "postgres", "-d", database, "-AtqX", "-v", "ON_ERROR_STOP=1"]
        return subprocess.run([*command, "-c", sql], check=True, capture_output=True, text=True).stdout.strip()

    def number(self, sql, database="postgres"):
        return int(self.query(sql, database))

    def fresh(self, database):
        self.query(f'drop database if exists "{database}" with (force)')
        self.query(f'create database "{database}"')


def wait_until(condition, seconds, what, step=0.05):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(step)
