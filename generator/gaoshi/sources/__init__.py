"""Where everything comes from: git, and from it notices, settings and records."""
