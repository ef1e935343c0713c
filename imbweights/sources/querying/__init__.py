"""The user's own query over the named files: parsed as ever, run by DuckDB behind a lock."""
