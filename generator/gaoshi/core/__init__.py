"""Pure data and decisions. Nothing here reads a file, a clock or the network."""
