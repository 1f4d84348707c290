"""What the machine tells: CPU by group of processes (cgroups, so that ended processes count too), memory, speed."""
import os
import re
import threading
import time

_root = None
_v2 = False
_groups = {}


def _find_root():
    global _root, _v2
    for line in open("/proc/mounts"):
        device, path, kind, options = line.split()[:4]
        if kind == "cgroup" and "cpuacct" in options.split(","):
            _root = path
            return
        if kind == "cgroup2" and os.path.exists(os.path.join(path, "cgroup.procs")):
            _root, _v2 = path, True


def group(name):
    """The directory of a group of processes; it is made when it is not there."""
    if _root is None:
        _find_root()
    if name not in _groups:
        path = os.path.join(_root, "drover-bench-" + name)
        os.makedirs(path, exist_ok=True)
        _groups[name] = path
    return _groups[name]


def join(name):
    """Puts the calling process into a group."""
    with open(os.path.join(group(name), "cgroup.procs"), "w") as procs:
        procs.write("0")


def pids(name):
    with open(os.path.join(group(name), "cgroup.procs")) as procs:
        return [int(pid) for pid in procs.read().split()]


def cpu_ms(name):
    """CPU-ms that the group has used so far."""
    if _v2:
        with open(group(name) + "/cpu.stat") as stat:
            return int(re.search(r"usage_usec (\d+)", stat.read()).group(1)) / 1e3
    with open(group(name) + "/cpuacct.usage") as usage:
        return int(usage.read()) / 1e6


def peak_rss_mb(pid):
    """The most that the process had resident since it started."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024


def speed():
    """CPU-ms of a fixed piece of work: how fast the machine is just now. A shared host is not always equally fast."""
    begin = time.process_time()
    x = 0
    for i in range(600_000):
        x = (x * 31 + i) & 0xFFFFFFFF
    return round((time.process_time() - begin) * 1e3, 1)


def busy_ms():
    """CPU-ms of the whole machine that were not idle: shows what others used."""
    with open("/proc/stat") as stat:
        fields = [int(x) for x in stat.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) * 1000 / os.sysconf("SC_CLK_TCK")


class Peak:
    """The most of something while it is measured, looked at twice a second."""

    def __init__(self, read):
        self._read = read
        self._stopped = threading.Event()
        self._most = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stopped.wait(0.5):
            self._most = max(self._most, self._read())

    def stop(self):
        self._stopped.set()
        self._thread.join()
        return self._most
