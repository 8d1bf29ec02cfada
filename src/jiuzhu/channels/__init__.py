"""Front ends. Each channel has a folder per room it shows; the kit holds what all share."""
