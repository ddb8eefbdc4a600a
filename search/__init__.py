"""Search over prepared text: one contract, kept by Meilisearch and by an in-process index.

A leaf: it knows documents, queries and conditions, and nothing of the library they describe.
"""
