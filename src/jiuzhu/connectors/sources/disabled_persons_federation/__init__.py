"""残疾人联合会: disability certificates, answered by an officer."""
