"""The report: one page with everything, as HTML that needs nothing else, or as Markdown."""
