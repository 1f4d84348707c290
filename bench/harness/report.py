"""Prints what was measured: medians with the least and the most, and ratios within the same run."""
from statistics import median

HIDDEN = {"done", "seconds", "submitted_after", "others_cores", "speed_ms", "wal_bytes_task", "table_bytes_task", "tasks_commit", "tasks_flush"}


def spread(values, digits=2):
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def column(rows, name):
    return [row[name] for row in rows if name in row]


def show(results):
    if "throughput" in results:
        _throughput(results["throughput"])
    if "latency" in results:
        _latency(results["latency"])
    for scenario, systems in results.items():
        if scenario not in ("throughput", "latency"):
            _plain(scenario, systems)


def _throughput(systems):
    print("\n| system | tasks/s | CPU-ms a task | of it | WAL, table bytes a task | tasks a commit, a flush |")
    print("|---|---|---|---|---|---|")
    for name, rows in systems.items():
        parts = " / ".join(f"{part} {median(row['cpu'][part] for row in rows):.2f}" for part in rows[0]["cpu"])
        print(f"| {name} | {spread(column(rows, 'tasks_s'), 0)} | {spread(column(rows, 'cpu_ms_task'))} | {parts} | {_both(rows, 'wal_bytes_task', 'table_bytes_task')} | {_both(rows, 'tasks_commit', 'tasks_flush')} |")
    print("\n| ratio within a round | tasks/s | CPU-ms a task |")
    print("|---|---|---|")
    for floor in ("journal-floor", "http-floor", "restate"):
        for name, rows in systems.items():
            if floor in systems and name != floor and "floor" not in name:
                pairs = list(zip(rows, systems[floor]))
                rate = [row["tasks_s"] / base["tasks_s"] for row, base in pairs]
                cost = [row["cpu_ms_task"] / base["cpu_ms_task"] for row, base in pairs]
                print(f"| {name} to {floor} | {spread(rate)} | {spread(cost)} |")


def _both(rows, one, other):
    values = [column(rows, name) for name in (one, other)]
    return ", ".join(f"{median(value):,.0f}" for value in values if value) or "–"


def _latency(systems):
    print("\n| system | p50 ms at 20 tasks/s | p99 ms | most ms | CPU-ms a task |")
    print("|---|---|---|---|---|")
    for name, rows in systems.items():
        print(f"| {name} | " + " | ".join(spread(column(rows, key)) for key in ("p50", "p99", "max", "cpu_ms_task")) + " |")


def _plain(scenario, systems):
    keys = [key for key, value in next(iter(systems.values()))[0].items() if isinstance(value, (int, float)) and key not in HIDDEN]
    print(f"\n| {scenario} | " + " | ".join(keys) + " |")
    print("|---" * (len(keys) + 1) + "|")
    for name, rows in systems.items():
        print(f"| {name} | " + " | ".join(_cell(column(rows, key)) for key in keys) + " |")


def _cell(values):
    if not values:
        return "–"
    digits = 0 if all(value == int(value) for value in values) else 2
    return spread(values, digits) if len(set(values)) > 1 else f"{values[0]:,.{digits}f}"
