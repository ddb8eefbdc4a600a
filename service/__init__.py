"""Precedent 先例: the service around the case library."""
