"""Kills and races real processes on a throwaway database. Run by hand with the Python of the
virtual environment that `bin/setup` makes; it takes some minutes:

    python tests/crash/run.py [workers] [amend] [import] [collect] [fetch] [submit]

workers  two processes make batches at the same moment: no debit may stand in two files.
amend    the account of a mandate changes before, while and after its file is handed over: no file
         leaves with an account that was changed before.
import   the job that imports mandates is killed again and again, then two processes import the same
         file from both ends: every mandate is there once, with one customer and one account.
collect  the job that makes and hands over files is killed (SIGKILL) again and again: every debit
         is booked once and stands in at most one file of the bank's folder; what was booked but
         perhaps not delivered is left *on its way* for a person.
fetch    the job that reads the bank's files is killed likewise: every debit is settled once.
submit   one payment is sent ten times at once through the web server, and one order is paid from
         two windows at once: one mandate and one debit come of it.

Prints one line for each check and ends with status 1 when one failed.
"""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import imports
import scripts
from web import race_submits

ROOT = Path(__file__).parents[2]
DATABASE = "crash_test"
PORT = 8276
FAILED = []


def check(what, actual, expected):
    """Print whether a fact is as expected, and remember when it is not."""
    good = actual == expected
    print(
        f"{'ok  ' if good else 'FAIL'} {what}: {actual!r}"
        + ("" if good else f", expected {expected!r}")
    )
    if not good:
        FAILED.append(what)


def odoo(*arguments, **kwargs):
    """Start Odoo's command line on the database."""
    command = [str(ROOT / "bin/odoo"), *arguments]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, **kwargs)


class Shell:
    """A process that runs a script inside Odoo; `ready` waits until it begins with its work."""

    def __init__(self, script, **values):
        self.folder = Path(tempfile.mkdtemp(prefix="support_debit_crash_"))
        values = {"ready": str(self.folder / "ready"), **values}
        code = "".join(f"{key} = {value!r}\n" for key, value in values.items()) + script
        (self.folder / "script.py").write_text(f"exec({code!r}, globals())\n")
        with open(self.folder / "script.py") as stdin, open(self.folder / "log", "w") as log:
            self.process = subprocess.Popen(
                [str(ROOT / "bin/odoo"), "shell", "-d", DATABASE, "--no-http"],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def ready(self):
        """Wait until the script says that it begins."""
        while not (self.folder / "ready").exists():
            if self.process.poll() is not None:
                raise SystemExit((self.folder / "log").read_text())
            time.sleep(0.02)

    def kill(self):
        """End the process without any warning, and its children."""
        subprocess.run(["kill", "-9", "--", f"-{self.process.pid}"], check=False)
        self.process.wait()

    def result(self):
        """Return what the script printed as its result."""
        output, _none = self.process.communicate(timeout=600)
        lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
        if not lines:
            raise SystemExit(output + (self.folder / "log").read_text())
        shutil.rmtree(self.folder)
        return scripts.read(lines[-1])


def prepare():
    """Make the database with a company that collects; return the bank's folders."""
    folder = Path(tempfile.mkdtemp(prefix="support_debit_bank_"))
    for name in ("drop", "pickup"):
        (folder / name).mkdir()
    subprocess.run([str(ROOT / "bin/db"), "drop", DATABASE], check=False, capture_output=True)
    subprocess.run([str(ROOT / "bin/db"), "clone", DATABASE], check=True)
    install = odoo("-d", DATABASE, "-i", "support_debit", "--stop-after-init", "--no-http")
    install.communicate(timeout=600)
    if install.returncode:
        raise SystemExit("The add-on could not be installed.")
    Shell(scripts.PREPARE, folder=str(folder)).result()
    return folder


def race_workers():
    """Two processes make batches at the same moment."""
    print("--- two workers at once")
    Shell(scripts.CREATE_DEBITS, count=200).result()
    go = Path(tempfile.mkdtemp()) / "go"
    workers = [Shell(scripts.MAKE_BATCHES, go=str(go)) for _number in range(2)]
    for worker in workers:
        worker.ready()
    go.touch()
    outcomes = sorted(worker.result() for worker in workers)
    print(f"     debits taken by each worker (-1: gave way to the other): {outcomes}")
    facts = Shell(scripts.CHECK_BATCHES).result()
    check("debits in more than one file", facts["twice"], 0)
    check("debits whose file and batch differ", facts["elsewhere"], 0)
    check("debits taken", facts["batched"] + facts["queued"], 200)
    Shell(scripts.MAKE_BATCHES, go=str(go)).result()
    check("debits left after one more run", Shell(scripts.CHECK_BATCHES).result()["queued"], 0)
    Shell(scripts.DISSOLVE).result()


def race_amend():
    """A mandate's account changes while the file with it is handed over."""
    print("--- an account changes while its file leaves")
    old, new, newest = "DE02120300000000202051", "DE89370400440532013000", "DE02500105170137075030"
    Shell(scripts.CREATE_DEBITS, count=3).result()
    batch = Shell(scripts.MAKE_ONE_BATCH).result()
    go = Path(tempfile.mkdtemp()) / "go"
    worker = Shell(scripts.SUBMIT, batch_id=batch, wait="before", go=str(go))
    worker.ready()
    check("changed before the file leaves", amend(batch, new), "amended")
    go.touch()
    check("who began before the change", worker.result(), "to be tried again")
    again = Shell(scripts.SUBMIT, batch_id=batch, wait="", go="").result()
    check("the old file is refused", "still has the old one" in again, True)
    Shell(scripts.MAKE_AGAIN, batch_id=batch).result()
    go.unlink()
    worker = Shell(scripts.SUBMIT, batch_id=batch, wait="after", go=str(go))
    worker.ready()
    check("changed while the file leaves", "used by somebody else" in amend(batch, newest), True)
    go.touch()
    check("the file leaves", worker.result(), "submitted")
    check("changed after the file has left", amend(batch, newest), "amended")
    facts = Shell(scripts.CHECK_AMENDED, batch_id=batch, ibans=[old, new, newest]).result()
    check("accounts in the file: old, new, newest", facts["in_file"], [False, True, False])
    check("account of the debit that was sent", facts["debit"], new[-4:])
    check("account of the mandate", facts["mandate"], newest[-4:])
    check("history in order", facts["verified"], True)


def amend(batch, iban):
    """Change the account of the first mandate in a batch and return what came of it."""
    return Shell(scripts.AMEND, batch_id=batch, iban=iban).result()


def kill_again_and_again(script, rounds, longest):
    """Run a script that is killed after ever other times, and once more to its end."""
    for number in range(rounds):
        worker = Shell(script)
        worker.ready()
        delay = random.uniform(0.05, longest)
        time.sleep(delay)
        worker.kill()
        print(f"     killed {number + 1} after {delay:.2f} s")
    Shell(script).result()


def crash_collect(folder):
    """The job that hands files over dies in the middle."""
    print("--- kill -9 while files are made and handed over")
    kill_again_and_again(scripts.COLLECT, 6, 4.0)
    facts = Shell(scripts.CHECK_COLLECT, folder=str(folder)).result()
    check("debits at the bank", facts["submitted"], facts["debits"])
    check("debits in two files of the folder", facts["twice"], 0)
    check("batches without their journal entry, or with two", facts["unbooked"], 0)
    check("in transit as much as was submitted", facts["transit"], facts["amount"])
    check("delivered without being booked", facts["unknown_files"], 0)
    check("half-written files that a reader could take", facts["half"], 0)
    check("not delivered and nobody told", facts["lost"], 0)
    print(f"     left on their way for a person: {facts['pending']}")


def crash_fetch(folder):
    """The job that reads the bank's files dies in the middle."""
    print("--- kill -9 while the bank's files are read")
    Shell(scripts.WRITE_ANSWERS, folder=str(folder)).result()
    kill_again_and_again(scripts.FETCH, 6, 6.0)
    facts = Shell(scripts.CHECK_FETCH, folder=str(folder)).result()
    check("debits settled", facts["settled"], facts["debits"])
    check("statement lines", facts["lines"], facts["debits"])
    check("left in transit", facts["transit"], 0.0)
    check("invoices paid", facts["paid"], facts["debits"])
    check("files left in the folder", facts["left"], 0)
    check("files that failed", facts["failed"], 0)


def crash_import(count=1200):
    """The job that imports mandates is killed, and raced from the other end of the same file."""
    print("--- an import is killed, and raced")
    ids = Shell(imports.UPLOAD, count=count).result()
    for _number in range(4):
        worker = Shell(imports.IMPORT, record_id=ids[0])
        worker.ready()
        time.sleep(random.uniform(1, 5))
        worker.kill()
        facts = Shell(imports.CHECK, ids=ids).result()
        print(f"     killed when {facts['mandates']} were there")
        check("mandates and lines that became one", facts["mandates"], facts["lines"])
        check("mandates whose history is broken", facts["broken"], 0)
    workers = [Shell(imports.IMPORT, record_id=one) for one in ids]
    for worker in workers:
        worker.ready()
    print(f"     both at once: {[worker.result() for worker in workers]}")
    facts = Shell(imports.CHECK, ids=ids).result()
    print(f"     {facts['mandates']} of {count} imported, states {facts['states']}")
    check("references in use twice", facts["mandates"] - facts["references"], 0)
    check("mandates and lines that became one", facts["mandates"], facts["lines"])
    check("accounts", facts["accounts"], facts["mandates"])
    check("mandates whose history is broken", facts["broken"], 0)
    check("imports that do not know where they are", "running" in facts["states"], False)


def race_web():
    """The same payment many times at once."""
    print("--- ten submits at once, and two windows")
    server = odoo(
        *("-d", DATABASE, "--http-port", str(PORT), "--gevent-port", str(PORT + 1)),
        *("--workers", "2", "--max-cron-threads", "0"),
        start_new_session=True,
    )
    try:
        facts = race_submits(f"http://127.0.0.1:{PORT}")
    finally:
        subprocess.run(["kill", "-9", "--", f"-{server.pid}"], check=False)
    print(f"     answers: {facts}")
    made = Shell(scripts.CHECK_WEB, orders=facts["orders"]).result()
    check("mandates of each order", made["mandates"], [1, 1])
    check("payments under way for each order", made["pending"], [1, 1])
    check("debits of each order", made["debits"], [1, 1])


def main(names):
    """Run the scenarios with these names, or all."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = prepare()
    try:
        if not names or "workers" in names:
            race_workers()
        if not names or "amend" in names:
            race_amend()
        if not names or "import" in names:
            crash_import()
        if not names or {"collect", "fetch"} & set(names):
            Shell(scripts.CREATE_DEBITS, count=150).result()
            crash_collect(folder)
        if not names or "fetch" in names:
            crash_fetch(folder)
        if not names or "submit" in names:
            race_web()
    finally:
        subprocess.run([str(ROOT / "bin/db"), "drop", DATABASE], check=False, capture_output=True)
        shutil.rmtree(folder)
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
