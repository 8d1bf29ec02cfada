"""Issued documents: what one says as data, and its setting as PDF, the same bytes for the same content everywhere."""
