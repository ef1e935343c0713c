"use strict";
// The page is whole without this: it only adds sorting, searching and copying.
(() => {
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const status = make("p", { className: "skip" });
  status.setAttribute("role", "status");
  document.querySelector("footer").append(status);

  // Numbers by their value (1,616 and 12.3 %), all else as text; what is undefined comes last.
  const value = (text) => {
    const found = /^-?[\d.,]+(e[-+]?\d+)?/i.exec(text);
    return found ? parseFloat(found[0].replaceAll(",", "")) : NaN;
  };
  const sort = (table, column, descending) => {
    const body = table.tBodies[0];
    const isName = table.tHead.rows[0].cells[column].classList.contains("name");
    const rows = [...body.rows].map((row) => {
      const text = row.cells[column].textContent;
      return { row, text, number: isName ? NaN : value(text) };
    });
    const sign = descending ? -1 : 1;
    const order = new Intl.Collator(undefined, { numeric: true });
    rows.sort((a, b) => {
      if (isName) return sign * order.compare(a.text, b.text);
      if (Number.isNaN(a.number) || Number.isNaN(b.number)) {
        return Number.isNaN(a.number) - Number.isNaN(b.number);
      }
      return sign * (a.number - b.number);
    });
    body.append(...rows.map((each) => each.row));
  };

  for (const table of document.querySelectorAll("table[data-long]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => {
        const numbers = !head.classList.contains("name") && column > 0;
        const was = head.getAttribute("aria-sort");
        const descending = was ? was === "ascending" : numbers;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sort(table, column, descending);
      });
      head.append(button);
    });

    const rows = [...table.tBodies[0].rows];
    if (rows.length < 8) continue;
    const names = rows.map((row) => row.querySelector("th").textContent.toLowerCase());
    const count = make("output", {});
    const input = make("input", { type: "search" });
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !names[i].includes(wanted);
        shown += !row.hidden;
      });
      count.value = wanted ? `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")}` : "";
    });
    const search = make("div", { className: "search" }, make("label", {}, "Search", input), count);
    table.closest(".scroll").before(search);
  }

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Where the page may not use the clipboard itself, the browser's own copying does.
      const area = make("textarea", { value: text, className: "skip" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  for (const code of document.querySelectorAll(".code")) {
    const title = code.querySelector("summary").textContent;
    const button = make("button", { type: "button" }, "Copy");
    button.setAttribute("aria-label", `Copy the code for ${title}`);
    button.addEventListener("click", async () => {
      await copied(code.querySelector("pre").textContent);
      button.textContent = "Copied";
      status.textContent = `The code for ${title} is copied`;
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    code.append(button);
  }
})();
