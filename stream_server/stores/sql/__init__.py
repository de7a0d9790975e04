"""SQL: the durable facts of the server, on SQLite or PostgreSQL."""
