"""The documents of the library and the pure rules over them."""
