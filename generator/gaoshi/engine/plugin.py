"""The MkDocs plugin: hands the pages of one edition to MkDocs and Material, and nothing else.

`gaoshi build` and `gaoshi serve` give it a stage; under `mkdocs build` it sets its own from HEAD, and
under `mkdocs serve` from the working tree, so that all of them make the same pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config import Config
from mkdocs.config import config_options as option
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from gaoshi.core.notice import ROOT
from gaoshi.core.published import MANIFEST
from gaoshi.core.screen_manifest import KIOSK
from gaoshi.engine.assets import INLINE, JOINED, Assets, collect, content_policy
from gaoshi.engine.compiled import Compiled
from gaoshi.engine.drawings import FOLDER as ICONS
from gaoshi.engine.drawings import Drawings
from gaoshi.engine.kiosk import Kiosk
from gaoshi.engine.notice_pages import NoticePages
from gaoshi.engine.parts import Parts
from gaoshi.engine.stage import Stage, set_stage
from gaoshi.outputs import addresses
from gaoshi.outputs.kiosk import numbers
from gaoshi.outputs.manifest import manifest
from gaoshi.outputs.pages import Page
from gaoshi.sources.git.command import GitError
from gaoshi.sources.proof import Trust
from gaoshi.sources.settings_reader import SettingsError
from gaoshi.sources.signatures import SignError
from gaoshi.sources.snapshot import PARTS, open_snapshot

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.utils.templates import TemplateContext

NOT_PUBLIC = (*JOINED, "partials/")
"""The parts from which pages and assets are made."""


class GaoshiConfig(Config):  # type: ignore[no-untyped-call]
    """The plugin's options. They are read and judged by Gaoshi itself (see sources/settings.py)."""

    board = option.Optional(option.Type(str))
    name = option.Optional(option.Type((str, dict)))
    issuer = option.Optional(option.Type((str, dict)))
    timezone = option.Optional(option.Type(str))
    languages = option.Optional(option.Type((str, list)))
    contacts = option.Optional(option.Type(dict))
    departments = option.Optional(option.Type(dict))
    places = option.Optional(option.Type(dict))
    screens = option.Optional(option.Type(dict))
    standard = option.Optional(option.Type(dict))
    rules = option.Optional(option.Type(dict))


class _Ready(MkDocsPage):
    """A page whose text is finished: MkDocs has nothing to read and no Markdown to render."""

    def __init__(self, template: str, file: File, config: MkDocsConfig) -> None:
        super().__init__("", file, config)
        self._template = template

    def read_source(self, config: MkDocsConfig) -> None:
        del config
        self.markdown, self.meta = "", {"template": self._template}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        del config, files
        self.content = ""


class GaoshiPlugin(BasePlugin[GaoshiConfig]):  # type: ignore[no-untyped-call]
    """Adds the notices' pages, their files and the manifest to a MkDocs build."""

    def __init__(self) -> None:
        self.given: Stage | None = None
        self._own = ExitStack()
        self._writing = ExitStack()
        self._serving = False
        self._stage: Stage | None = None
        self._pages: dict[str, Page] = {}
        self._assets: Assets | None = None
        self._screens: Kiosk | None = None
        self._drawings = Drawings(())
        self._policy = ""

    @property
    def stage(self) -> Stage:
        """The stage of the running build."""
        assert self._stage is not None
        return self._stage

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether this is a preview."""
        del dirty
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set the stage, and let MkDocs read templates and static pages from it.

        Of Material only the icons are used. MkDocs would list all its files, more than 10,000, for each build.
        """
        self._stage = self.given or self._set_own_stage(config)
        custom = str(self.stage.templates / "theme")
        others = [folder for folder in config.theme.dirs if folder != config.theme.custom_dir]
        self._drawings = Drawings(others)
        config.theme.dirs = [custom, *(folder for folder in others if not Path(folder, ICONS).is_dir())]
        config.docs_dir = str(self.stage.templates / "pages")
        preview = self.stage.edition.preview
        self._assets = collect(self.stage.templates, preview=preview)
        return config

    def _set_own_stage(self, config: MkDocsConfig) -> Stage:
        self._own.close()
        root = Path(config.config_file_path).parent
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        # The one place beside the command line where the clock is read: MkDocs has no `at` to give.
        try:
            at = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC).replace(microsecond=0)
        except (ValueError, OverflowError, OSError):
            raise Abort(f"gaoshi: SOURCE_DATE_EPOCH is no number of seconds: {epoch!r}") from None
        try:
            snapshot = self._own.enter_context(open_snapshot(root, None if self._serving else "HEAD"))
            trust = Trust(os.environ.get("GAOSHI_ROOT") or None)
            return self._own.enter_context(set_stage(snapshot, at, preview=self._serving, trust=trust))
        except (GitError, SettingsError, SignError) as error:
            raise Abort(f"gaoshi: {error}") from None

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add what the edition makes; leave out the parts that pages are made from."""
        kept = [file for file in files if not file.src_uri.startswith(NOT_PUBLIC)]
        assert self._assets is not None
        self._screens = screens = self._kiosk()
        made: dict[str, bytes] = {
            **self._assets.files,
            **self.stage.files,
            MANIFEST: manifest(self.stage.edition),
            KIOSK: self.stage.screens,
            **screens.files(),
        }
        kept += [File.generated(config, path, content=content) for path, content in made.items()]
        self._pages = {f"{page.path}index.md": page for page in self.stage.publisher.homes()}
        have = {file.src_uri for file in kept}
        for source, page in self._pages.items():
            if source not in have:
                file = File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
                _Ready(page.template, file, config)
                kept.append(file)
        return Files(kept)

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Fix the content policy to the inline script as it will stand in the pages; let pages share parts.

        Now that there are templates, the pages of notices are written.
        """
        del files
        env.bytecode_cache = Compiled(self.stage.kept, env)
        parts = Parts(env)
        env.globals.update(parts.macros(), once=parts.once, sprite=self._drawings.sprite)
        inline = env.get_template(INLINE).render()
        self._policy = content_policy(inline, foreign_scripts=self._serving)
        context = {code: {"config": config, **self._words(code)} for code in self.stage.catalogues}
        pages = NoticePages(env, self.stage.publisher, context, Path(config.site_dir))
        self._writing.enter_context(pages.writing())
        assert self._screens is not None
        for path, html in self._screens.pages(env):
            place = Path(config.site_dir, path)
            place.mkdir(parents=True, exist_ok=True)
            (place / "index.html").write_bytes(html.encode())
        return env

    def _kiosk(self) -> Kiosk:
        stage, edition = self.stage, self.stage.edition
        assert self._assets is not None
        return Kiosk(
            edition.board,
            stage.catalogues,
            stage.templates,
            int(edition.at.timestamp()),
            icons=stage.publisher.icons,
            sprite=self._drawings.sprite,
            numbers=numbers(edition.board, stage.publisher.tellers),
            reload=self._assets.preview_js,
        )

    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the templates what they show."""
        del config, nav
        made = self._pages.get(page.file.src_uri)
        language = made.frame.language if made else self._language(page.file.src_uri)
        frame = made.frame if made else self._static_frame(page, language)
        self._extend(context, language, frame=frame, view=made.view if made else None)
        return context

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """The same for pages that are no documents, such as 404.html, and for the site map."""
        del template_name, config
        board = self.stage.edition.board
        home = self._pages[f"{addresses.home(board, board.language)}index.md"]
        site_map = {"homes": self._pages, "changed": self.stage.publisher.changed()}
        notices = list(self.stage.publisher.listed())
        self._extend(context, board.language, frame=home.frame, view=None, notices=notices, **site_map)
        return context

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Let `mkdocs serve` watch what the board is made from, not the scratch folder it is laid out in."""
        del builder
        for scratch in (config.docs_dir, config.theme.dirs[0]):
            with suppress(KeyError):  # the theme is watched only when asked for
                server.unwatch(scratch)
        root = Path(config.config_file_path).parent
        for part in PARTS:
            if (root / part).exists():
                server.watch(str(root / part))
        return server

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Wait for the last page, and let go of what this build had opened."""
        del config
        self._writing.close()
        if not self._serving:
            self._own.close()

    def on_build_error(self, *, error: Exception) -> None:
        """Let nothing be written any more."""
        with suppress(Exception):
            self._writing.__exit__(type(error), error, None)

    def on_shutdown(self) -> None:
        """The same when a preview ends."""
        self._own.close()

    def _extend(self, context: Any, language: str, **more: object) -> None:
        context.update(more, **self._words(language))

    def _words(self, language: str) -> dict[str, object]:
        """What every page's templates need besides what they show."""
        return {"t": self.stage.catalogues[language].text, "assets": self._assets, "csp": self._policy}

    def _language(self, source: str) -> str:
        first, _, rest = source.partition("/")
        languages = self.stage.edition.board.languages
        return first if rest and first in languages and first != ROOT else languages[0]

    def _static_frame(self, page: MkDocsPage, language: str) -> object:
        board = self.stage.edition.board
        own = page.url.removeprefix(f"{language}/") if language != board.language else page.url
        paths = {code: own if code == board.language else f"{code}/{own}" for code in board.languages}
        description = str(page.meta.get("description") or "")
        return self.stage.publisher.static(language, paths, str(page.title or ""), description)
