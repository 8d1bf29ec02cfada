"""Field encryption, blind indexes and the rotation of their keys, in two suites: SM4/SM3 and AES/SHA-2."""
