# SPDX-License-Identifier: ISC
"""Tasks run in turn, ratios of each round, and the table they end in."""
import os
import statistics
import subprocess
import sys

# A task that is over sooner runs again in its round, and its median counts.
ENOUGH = 0.2
AGAIN = 25


class Failed(Exception):
    pass


def progress(text):
    print("bench: " + text, file=sys.stderr, flush=True)


class Task:
    """A command; its standard output is a file that is new every time.

    rows: how many documents it makes, where times are told for each.  place: a
    context manager that gives a fresh folder, for the word DIR in the command.
    before: a command that writes the same file, untimed, which then goes.
    """

    def __init__(self, command, rows=1, out=os.devnull, stdin=None,
                 place=None, before=None):
        self.command = command
        self.rows = rows
        self.out = out
        self.stdin = stdin
        self.place = place
        self.before = before


class Clock:
    def __init__(self, program):
        self.program = program

    def start(self, command, out, stdin):
        """(seconds, KiB at the most) of one run."""
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1",
                           PYTHONUTF8="1", LC_ALL="C.UTF-8")
        done = subprocess.run(
            [self.program, out, *command], stdin=stdin, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", env=environment)
        if done.returncode:
            raise Failed("%s: status %d\n%s" % (
                " ".join(command), done.returncode, done.stderr[-2000:]))
        words = done.stdout.split()
        return int(words[0]) / 1e9, int(words[3])

    def in_place(self, task, out):
        if not task.place:
            return self.start(task.command, out, subprocess.DEVNULL)
        with task.place() as folder:
            command = [word.replace("DIR", folder) for word in task.command]
            if not task.stdin:
                return self.start(command, out, subprocess.DEVNULL)
            with open(task.stdin, "rb") as f:
                return self.start(command, out, f)

    def once(self, task):
        """Seconds; the file that was written goes again, untimed."""
        if task.before:
            self.start(task.before, task.out, subprocess.DEVNULL)
            os.unlink(task.out)
        try:
            return self.in_place(task, task.out)[0]
        finally:
            if task.out != os.devnull and os.path.exists(task.out):
                os.unlink(task.out)

    def round(self, task):
        """The median of as many runs as are enough, a document."""
        times = [self.once(task)]
        while sum(times) < ENOUGH and len(times) < AGAIN and \
                not task.place:
            times.append(self.once(task))
        return statistics.median(times) / task.rows

    def rounds(self, tasks, count, warm=False):
        """{name: [seconds a document in each round]}, taken in turn."""
        if warm:
            for task in tasks.values():
                self.once(task)
        found = {name: [] for name in tasks}
        names = list(tasks)
        for i in range(count):
            # whoever runs first may be favoured, so it changes
            at = i % len(names)
            for name in names[at:] + names[:at]:
                found[name].append(self.round(tasks[name]))
        return found


def number(value):
    """Three figures, without losing those before the point."""
    if value >= 100:
        return "{:,.0f}".format(value)
    return "%.1f" % value if value >= 10 else "%.2f" % value


class Table:
    """One row a comparison.

    bar: what is promised, ("least" or "most", number), or None.  judge: there
    are enough rows to tell.
    """

    def __init__(self, judge):
        self.judge = judge
        self.rows = []
        self.missed = []

    def add(self, what, values, bar=None, unit="", rounds=None):
        """values: one for each round."""
        middle = statistics.median(values)
        shown = number(middle) + unit
        if len(values) > 1:
            shown += " (%s to %s)" % (number(min(values)),
                                      number(max(values)))
        promised = "-"
        if bar:
            kind, bound = bar
            promised = "at %s %s%s" % (kind, number(bound), unit)
            missed = middle < bound if kind == "least" else middle > bound
            if missed and self.judge:
                promised += ": missed"
                self.missed.append(what)
        self.rows.append((what, shown, promised,
                          str(rounds or len(values))))

    def ratio(self, what, found, over, under, bar=None):
        self.add(what, [a / b for a, b in zip(found[over], found[under])],
                 bar)

    def none(self, what, why):
        self.rows.append((what, why, "-", "0"))

    def show(self, title, note):
        """Prints what was added since, and forgets it."""
        lines = [("what", "ratio", "promised", "rounds"), *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(4)]
        lines.insert(1, tuple("-" * w for w in widths))
        print("\n## %s\n\n%s\n" % (title, note))
        for line in lines:
            print("| %s |" % " | ".join(
                text.ljust(w) for text, w in zip(line, widths)))
        sys.stdout.flush()
        self.rows = []
