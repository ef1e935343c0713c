"""The data that is counted, made once from fixed seeds; one file per kind."""
