"""Objects: trees and blobs, by their ids and by their places in commits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from gaoshi.sources.git.command import Git
from gaoshi.sources.git.output import TREE_LINE, TreeEntry, read_tree


class Objects(Git):
    """What the repository holds, read in batches."""

    def tree(self, commit: str) -> str:
        """The tree of a commit."""
        return self.run("rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()

    def object_at(self, commit: str, path: str) -> str | None:
        """The id of what lies at `path` in a commit; None when nothing does."""
        return self.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{path}")

    def ids_at(self, places: Sequence[tuple[str, str]]) -> list[str | None]:
        """The id of what lay at each place (a commit and a path), None where there was nothing."""
        if not places:
            return []
        names = "".join(f"{commit}:{path}\n" for commit, path in places)
        output = self.run("cat-file", "--buffer", "--batch-check=%(objectname)", stdin=os.fsencode(names))
        found = os.fsdecode(output).splitlines()
        return [None if line.endswith((" missing", " ambiguous")) else line for line in found]

    def list_tree(self, tree: str, *paths: str) -> list[TreeEntry]:
        """Everything below `tree`, folders and files, or only what lies under `paths`."""
        output = self.run("ls-tree", "-r", "-t", "-z", "--full-tree", tree, "--", *paths)
        return list(map(TreeEntry._make, TREE_LINE.findall(os.fsdecode(output))))

    def list_folder(self, tree: str, *folders: str) -> list[TreeEntry]:
        """What lies directly in each of `folders` of a tree."""
        output = self.run("ls-tree", "-z", "--full-tree", tree, "--", *(f"{folder}/" for folder in folders))
        return list(map(TreeEntry._make, TREE_LINE.findall(os.fsdecode(output))))

    def trees(self, ids: Iterable[str]) -> dict[str, list[TreeEntry]]:
        """What lies directly in each of the trees `ids`, by name; what is missing is left out."""
        return {name: list(read_tree(data, len(name) // 2)) for name, data in self.blobs(ids)}

    def sizes(self, ids: Iterable[str]) -> dict[str, int]:
        """Sizes in bytes of the objects `ids`; what is missing is left out."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        output = self.run("cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)", stdin=_lines(wanted))
        sizes = {}
        for line in output.decode().splitlines():
            name, _, size = line.partition(" ")
            if size.isdigit():
                sizes[name] = int(size)
        return sizes

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of the objects `ids`, in order; what is missing is left out."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return
        with self.flowing("cat-file", "--buffer", "--batch", stdin=_lines(wanted)) as output:
            while header := output.readline().decode().split():
                if header[-1] == "missing":
                    continue
                yield header[0], output.read(int(header[2]))
                output.read(1)


def _lines(ids: Sequence[str]) -> bytes:
    return "".join(f"{name}\n" for name in ids).encode()
