"""The only code that knows MkDocs: from an edition to a folder that any web server can serve."""
