"""What is published: pure functions from an edition to files and views."""
