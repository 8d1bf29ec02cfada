"""The catalogue at the workbench: versions of the packs, what they change, and the standards of assistance."""
