"""Make the pictures of the report in the README: the page in a real Chromium, light and dark.

Run from the top of the repository, with ``pip install -e ".[dev,browser]"`` and Debian's packages
``chromium`` and ``chromium-driver``: ``python scripts/make_report_pictures.py``. No check compares
these pictures, since fonts and the browser's version change their bytes; tests/browser looks at the page itself.
"""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from PIL import Image

TOP = Path(__file__).parent.parent
IMAGES = TOP / "docs" / "images"
SOURCE = "sample_data/yolo"
PICTURES = {"report.png": "light", "report-dark.png": "dark"}
WIDTH, HEIGHT, COLOURS = 1000, 1120, 64
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")


def browser(profile: str) -> Any:
    """Chromium without a window."""
    webdriver = import_module("selenium.webdriver")
    service = import_module("selenium.webdriver.chrome.service")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=service.Service(shutil.which("chromedriver")))


def picture(driver: Any, page: Path, scheme: str) -> bytes:
    """The top of the page as a small PNG."""
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    driver.get(page.as_uri())
    found = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    image = Image.open(io.BytesIO(base64.b64decode(found["data"]))).convert("RGB")
    stream = io.BytesIO()
    image.quantize(colors=COLOURS).save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        command = [sys.executable, "-m", "imbweights", "report", SOURCE, "-o", str(page)]
        subprocess.run([*command, "--no-cache"], cwd=TOP, check=True, capture_output=True)
        driver = browser(str(Path(folder) / "profile"))
        try:
            for name, scheme in PICTURES.items():
                (IMAGES / name).write_bytes(picture(driver, page, scheme))
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
