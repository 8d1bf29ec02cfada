"""The demonstration: a synthetic city, its departments' registers, an identity provider. Never part of production."""
