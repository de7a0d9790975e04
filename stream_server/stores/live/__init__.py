"""Valkey (or Redis): what is live and may be lost. Durable facts are in SQL."""
