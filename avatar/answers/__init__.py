"""Questions from the chat: what is asked, about which product, and an answer made of facts alone."""
