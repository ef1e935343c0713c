"""Does weighting help on this data? Models are fitted and compared here."""
