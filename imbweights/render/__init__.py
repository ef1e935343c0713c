"""A result → text. One file per output form; nothing here prints."""
