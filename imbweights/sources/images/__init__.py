"""What all masks share: decoding, counting values, palettes, telling masks from photos."""
