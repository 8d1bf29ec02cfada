"""Uploaded files: checked by content, stored encrypted under their hash, opened by the permission of their owner."""
