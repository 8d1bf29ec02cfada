"""证券登记机构: holdings of shares, funds and bonds, in files."""
