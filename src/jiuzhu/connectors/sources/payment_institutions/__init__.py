"""非银行支付机构: balances of payment accounts, in files."""
