"""Counting in a database: the query is grouped there, so that only counts travel."""
