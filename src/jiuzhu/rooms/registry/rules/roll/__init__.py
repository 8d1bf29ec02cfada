"""Household rolls (家庭花名册): columns of the sheet, reading it, checking every row, template and error sheet."""
