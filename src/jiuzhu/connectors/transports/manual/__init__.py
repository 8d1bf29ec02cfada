"""Replies that an officer of a department enters by hand."""
