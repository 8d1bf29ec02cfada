"""How numbers are written on pages, language by language, where Django's own way is not the one people here use."""
