"""Runs the classes of a file of tests side by side: most of their time is waiting for a server."""

import concurrent.futures
import subprocess
import sys


def run_classes(case, file, trama):
    """Each class below `case` in a process of its own, with what it says. False: one of them failed."""
    classes = [each.__name__ for each in case.__subclasses__()]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        line = [sys.executable, "-B", file, trama]
        runs = list(pool.map(lambda name: subprocess.run([*line, name], stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True, check=False), classes))
    for name, run in zip(classes, runs, strict=True):
        print(f"{name}:\n{run.stdout}", flush=True)
    return all(run.returncode == 0 for run in runs)
