"""Code lists of national standards, one file a standard, each a frozen table with Chinese and English names."""
