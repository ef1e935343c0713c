"""What all tables share: DuckDB, the choice of the label column, counting."""
