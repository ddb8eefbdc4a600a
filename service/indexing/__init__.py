"""Keeping the search indexes in step with the library."""
