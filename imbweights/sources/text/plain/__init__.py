"""Counting the cells of one column of a plain table: no quotes, every row with all its columns.

Most large tables are plain, and such a table can be cut by NumPy, many bytes at a time, several times
as fast as a reader that must expect anything. What is not plain is left to DuckDB, from its first row.
"""
