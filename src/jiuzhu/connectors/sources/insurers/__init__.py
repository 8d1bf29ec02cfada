"""保险机构: policies with a cash value, in files."""
