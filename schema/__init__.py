"""The GraphQL API: types, inputs, loaders, limits. It reaches data only through operations."""
