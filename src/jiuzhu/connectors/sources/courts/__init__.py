"""人民法院: judgment debtors, answered by an officer."""
