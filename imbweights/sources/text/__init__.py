"""How text files are read: encoding, delimiter and quotes, header."""
