"""Where cases and answers are kept. One protocol, one module a store."""
