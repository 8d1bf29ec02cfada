"""Tables in files: a batch goes out, a reply comes back, each with its manifest and control totals."""
