"""The library that ships: cases, vocabularies, methods, procedures, templates, and their loader."""
