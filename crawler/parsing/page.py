"""Page: bytes to text to tree, each made once, when first asked for."""
