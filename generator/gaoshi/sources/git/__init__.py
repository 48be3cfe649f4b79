"""The one door to git: few calls, in batches, never one per notice.

`command` calls it, `output` reads what it prints; between them a file for each thing that it is asked, and
`repository` has them all.
"""
