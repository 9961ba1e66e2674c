#!/usr/bin/env python3
"""Opens a StatusServer's page in a headless Chromium and watches it while the program is under load.

Usage: page_test.py PROGRAM [SCREENSHOT.png]

Speaks the DevTools protocol through Chromium's pipe (file descriptors 3 and 4), messages ending in NUL.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
PATIENCE = 60  # seconds until something that has to come must have come
WITHIN = 2.0  # seconds until the page shows a change


class Browser:
    """One page of a browser of its own."""

    def __init__(self, profile):
        name = next((found for found in map(shutil.which, BROWSERS) if found), None)
        if name is None:
            sys.exit("page_test.py: no Chromium here; cmake/install_dependencies.sh installs it")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        wanted = {3: to_browser, 4: from_browser}

        def place_pipes():
            copies = {number: os.dup(end) for number, end in wanted.items()}
            for number, copy in copies.items():
                os.dup2(copy, number)
                os.set_inheritable(number, True)

        self._process = subprocess.Popen(
            [name, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--disable-background-networking", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "--window-size=1280,1000", "about:blank"],
            preexec_fn=place_pipes, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._received = b""
        self._number = 0
        self._session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def _message(self, until):
        while b"\0" not in self._received:
            ready, _, _ = select.select([self._in], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            part = os.read(self._in, 1 << 16)
            if not part:
                raise EOFError("the browser has ended")
            self._received += part
        message, self._received = self._received.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self._number += 1
        request = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            request["sessionId"] = self._session
        os.write(self._out, json.dumps(request).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            answer = self._message(until)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)


class Program:
    """The program whose page it is."""

    def __init__(self, path):
        self._process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()

    def command(self, text):
        print(text, file=self._process.stdin, flush=True)
        assert self._process.stdout.readline() == "done\n", "the program has failed"

    def close(self):
        self._process.stdin.close()
        return self._process.wait(PATIENCE)


def wait_for(what, condition, patience=PATIENCE):
    """Returns after how many seconds `condition()` was true."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > patience:
            raise AssertionError(f"not within {patience} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - start


def figure(card, label):
    """An expression for the figure with that label on a database's card."""
    return (f"[...document.querySelectorAll('[data-database={card}] dt')]"
            f".find((dt) => dt.textContent === '{label}')?.nextSibling.textContent")


def check_pool_is_followed(browser, program):
    """The figures and the drawing follow the pool; once of several times within the limit, since the
    machine may have more to do than this."""
    drawing = "document.querySelector('[data-database=rpa_db] svg path.used')?.getAttribute('d')"
    fastest = None
    for held in (3, 0, 5, 0, 7, 0, 2, 0, 6, 0):
        before = browser.value(drawing)
        program.command(f"hold {held}")
        took = wait_for(f"{held} used connections on the page",
                        lambda: browser.value(figure("rpa_db", "used")) == str(held))
        wait_for("a drawing that changes", lambda: browser.value(drawing) != before)
        fastest = took if fastest is None else min(fastest, took)
        if held == 0 and fastest <= WITHIN:
            break
    print(f"the page shows a change of the pool after {fastest:.2f} s")
    assert fastest <= WITHIN, f"the page needs {fastest:.2f} s to show a change"


def check_what_is_told(browser, program):
    program.command("slow")
    wait_for("the slow statements", lambda: browser.value(
        "document.getElementById('slow').childElementCount") >= 2)
    text = browser.value("document.body.innerText")
    assert "SELECT pg_sleep(?), ? AS note" in text, text
    assert "timeout" in text, text
    assert "a value" not in text and "another value" not in text, text
    durations = "[...document.querySelectorAll('#slow tr')].map((row) => Number(row.dataset.milliseconds))"
    browser.value("document.getElementById('slowest').click()")
    slowest = browser.value(durations)
    assert slowest == sorted(slowest, reverse=True), slowest
    browser.value("document.getElementById('newest').click()")
    assert sorted(browser.value(durations), reverse=True) == slowest
    wait_for("the health of both", lambda: browser.value(
        "document.querySelector('[data-database=rpa_db] .health').textContent") != "not checked yet" and
        browser.value("document.querySelector('[data-database=archive] .health').textContent") == "unhealthy")
    assert browser.value("document.title") == "rpa3 <worker>"
    assert browser.value("document.querySelectorAll('#migrations tr').length") == 2


def check_events(browser, url):
    """No error was reported, and nothing was asked of anybody else."""
    for event in browser.events:
        method, parameters = event.get("method"), event.get("params", {})
        assert method != "Runtime.exceptionThrown", event
        if method == "Log.entryAdded":
            # A 503 of /health is an answer, and the console says so all the same.
            assert parameters["entry"].get("url", "").endswith("/health"), event
        if method == "Network.requestWillBeSent":
            asked = parameters["request"]["url"]
            assert asked.startswith((url, "data:")), asked


def watch(browser, program, screenshot):
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.call(f"{domain}.enable")
    browser.call("Page.navigate", url=program.url)
    wait_for("the page", lambda: browser.value(figure("rpa_db", "used")) == "0")
    check_pool_is_followed(browser, program)
    check_what_is_told(browser, program)
    if screenshot:
        program.command("hold 11")  # three of them wait
        wait_for("callers that wait", lambda: browser.value(figure("rpa_db", "waiting")) == "3")
        time.sleep(3)  # for a drawing with something on it
        picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
        with open(screenshot, "wb") as file:
            file.write(base64.b64decode(picture["data"]))
        program.command("hold 0")
    check_events(browser, program.url)


def main():
    screenshot = sys.argv[2] if len(sys.argv) > 2 else None
    program = Program(sys.argv[1])
    assert program.url.startswith("http://127.0.0.1:"), program.url
    with tempfile.TemporaryDirectory(prefix="flowdb-page-", ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            watch(browser, program, screenshot)
            assert program.close() == 0, "the program has failed"
            wait_for("that the program is gone", lambda: "does not answer" in browser.value(
                "document.getElementById('connection').textContent"))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
