"""A real Chromium without a window, offline, with a profile of its own."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--window-size=1100,1400",
)


def _missing(reason: str) -> None:
    """Skip, or fail where the browser must be there."""
    if os.environ.get("IMBWEIGHTS_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _module(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(name)
        except ImportError:
            return _missing(f"needs {name}: pip install imbweights[browser]")


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        _missing(f"needs {names[0]}: apt-get install chromium chromium-driver")
    return found or ""


def axe_core() -> str:
    """axe-core: the file that IMBWEIGHTS_AXE names, such as the newest from npm, else the one that
    axe-core-python has, which is some years old.
    """
    named = os.environ.get("IMBWEIGHTS_AXE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    _module("axe_core_python")
    return files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Page:
    """A page in the browser."""

    driver: Any

    def open(self, path: Path, *, scheme: str = "light", width: int = 1100) -> None:
        """Open a file as from a mail attachment, in a light or dark surrounding."""
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        size = {"width": width, "height": 1400, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(path.as_uri())

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> Any:
        """The first element."""
        return self.driver.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        """The text of every element that is shown, as it stands in the page."""
        script = (
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter(e => e.getClientRects().length).map(e => e.textContent)"
        )
        found: list[str] = self.run(script, selector)
        return found

    def complaints(self) -> list[str]:
        """What stands in the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the page was opened."""
        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def accessibility_problems(self) -> list[str]:
        """What axe-core calls serious or critical."""
        self.run(axe_core())
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run().then(r => done(r.violations), e => done([e]));"
        )
        return [
            f"{v['impact']}: {v['id']}: {v['nodes'][0]['html']}"
            for v in found
            if v["impact"] in {"serious", "critical"}
        ]


@pytest.fixture(scope="session")
def _driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = _module("selenium.webdriver")
    service = _module("selenium.webdriver.chrome.service")
    axe_core()
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium", "chromium-browser", "google-chrome")
    profile = tmp_path_factory.mktemp("profile")
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=service.Service(_program("chromedriver", "chromium.chromedriver"))
    )
    yield driver
    driver.quit()


@pytest.fixture
def page(_driver: Any) -> Page:
    """The browser."""
    return Page(_driver)
