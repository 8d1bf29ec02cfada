"""A population as arrays: households and their members in order, checked before anything is worked out from them."""
