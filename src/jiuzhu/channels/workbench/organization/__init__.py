"""The organization's pages (组织网络): divisions, offices, staff, roles, duties, workforce, accounts."""
