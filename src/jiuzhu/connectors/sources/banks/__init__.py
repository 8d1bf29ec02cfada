"""银行: accounts with balance and average; a joint account says so."""
