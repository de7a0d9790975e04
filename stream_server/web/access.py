"""Who is asking: the Bearer token of a request, and what that person may do."""
